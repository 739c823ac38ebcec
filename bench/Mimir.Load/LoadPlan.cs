namespace Mimir.Load;

/// <summary>One load: a closed loop that keeps a number of calls in flight.</summary>
public sealed record LoadPlan
{
    /// <summary>The tool to call; null lists tools instead.</summary>
    public string? Tool { get; init; }

    /// <summary>Length of the text to be echoed, in bytes; at least 20.</summary>
    public int TextLength { get; init; } = 100;

    /// <summary>Calls in flight; over HTTP each has a connection of its own.</summary>
    public int InFlight { get; init; } = 1;

    /// <summary>Time before anything is counted.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time that is counted.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>With a number the load ends after so many calls, all counted, whatever time they take.</summary>
    public long? Calls { get; init; }

    /// <summary>The process whose processor time is measured, without its children.</summary>
    public int? RouterProcess { get; init; }

    /// <summary>What every reply must be, byte for byte; all calls then have the id 1. Needed for lists.</summary>
    public byte[]? Expected { get; init; }

    /// <summary>Nothing answered for so long is an error, and the end of the load.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);
}
