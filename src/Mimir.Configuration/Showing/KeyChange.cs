namespace Mimir.Configuration.Showing;

/// <summary>One key that differs.</summary>
/// <param name="Kind">What becomes of the server, namespace or cluster it belongs to.</param>
/// <param name="Now">The key now; null when only the other configuration has it.</param>
/// <param name="Other">The key there; null when only the one of now has it.</param>
public sealed record KeyChange(ChangeKind Kind, ShownKey? Now, ShownKey? Other)
{
    /// <summary>Whichever there is.</summary>
    public ShownKey Any => Now ?? Other!;
}
