namespace Mimir.Router.Engine;

/// <summary>What a changed configuration came to: names of servers, in configured order.</summary>
/// <param name="Added">Those that were not there before.</param>
/// <param name="Changed">Those that are run otherwise than before: another connection or process is opened, and the former ends with its last call.</param>
/// <param name="Removed">Those that are not there any more.</param>
public sealed record ReloadOutcome(IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Removed)
{
    /// <summary>True when something else than servers is said otherwise than before: naming, limits, clusters, retries, tools of the router's own.</summary>
    public bool HasOther { get; init; }

    /// <summary>True when no server is concerned.</summary>
    public bool IsNothing => Added.Count + Changed.Count + Removed.Count == 0;
}
