namespace Mimir.Configuration.Editing;

/// <summary>A change was not made, or not wholly: the message says what is wrong and what to do. No secret stands in it.</summary>
/// <param name="kind">What sort of trouble it is.</param>
/// <param name="message">Sentences.</param>
/// <param name="cause">What the system said, or null.</param>
public sealed class ConfigEditException(EditTrouble kind, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What sort of trouble it is.</summary>
    public EditTrouble Kind { get; } = kind;
}
