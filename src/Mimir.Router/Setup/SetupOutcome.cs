using System.Collections.Immutable;

namespace Mimir.Router.Setup;

/// <summary>What became of a change. No secret stands in it.</summary>
public sealed record SetupOutcome
{
    /// <summary>Whether it was made, and outlasts a power cut.</summary>
    public bool IsDone { get; init; }

    /// <summary>Why it was not made, and what to do: sentences; empty when it was, or waits.</summary>
    public string Error { get; init; } = "";

    /// <summary>The number under which it waits for the operator; null when it does not wait.</summary>
    public string? Ticket { get; init; }

    /// <summary>What would be started, for people; empty for nothing.</summary>
    public ImmutableArray<string> Starts { get; init; } = [];

    /// <summary>What was noticed on the way: sentences.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>One that was refused.</summary>
    public static SetupOutcome Refused(string error) => new() { Error = error };
}
