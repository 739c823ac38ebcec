namespace Mimir.Router.State;

/// <summary>Something was changed: what is wanted, what runs, or what a server says of its tools.</summary>
/// <param name="change">What was done: a word that is stable, e.g. <c>reload</c>.</param>
public sealed class ChangeRecord(string change) : TrailRecord
{
    /// <summary>What was done: a word that is stable, e.g. <c>reload</c>.</summary>
    public string Change { get; } = change;

    /// <summary>The server it concerns, or null.</summary>
    public string? Server { get; init; }

    /// <summary>What of it: a tool, a secret's name; null for nothing.</summary>
    public string? Name { get; init; }

    /// <summary>More of it, for people. No secrets; null for nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>A fingerprint of how it was before, or null.</summary>
    public string? Before { get; init; }

    /// <summary>A fingerprint of how it is now, or null.</summary>
    public string? After { get; init; }

    /// <summary>How many; 0 for what is not counted.</summary>
    public long Count { get; init; }
}
