namespace Mimir.Bench;

/// <summary>How long everything is measured.</summary>
internal sealed record Effort
{
    /// <summary>Under fifteen minutes; what the committed results are made with.</summary>
    public static readonly Effort Full = new()
    {
        Rounds = 5,
        FirstWarmUp = TimeSpan.FromSeconds(10),
        WarmUp = TimeSpan.FromSeconds(0.5),
        Duration = TimeSpan.FromSeconds(2),
        Starts = 15,
        AllocationCalls = 150_000,
        Idle = TimeSpan.FromSeconds(5),
    };

    /// <summary>Under three minutes; for a first look.</summary>
    public static readonly Effort Quick = new()
    {
        Rounds = 2,
        FirstWarmUp = TimeSpan.FromSeconds(6),
        WarmUp = TimeSpan.FromSeconds(0.2),
        Duration = TimeSpan.FromSeconds(0.7),
        Starts = 4,
        AllocationCalls = 30_000,
        Idle = TimeSpan.FromSeconds(2),
    };

    /// <summary>Rounds in each of which every target is measured once.</summary>
    public required int Rounds { get; init; }

    /// <summary>Warm-up of a process that was just started: until the JIT compiler has settled, whose work counts as the process's own.</summary>
    public required TimeSpan FirstWarmUp { get; init; }

    /// <summary>Warm-up of every later load.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>The counted part of a load.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Starts of each kind of process.</summary>
    public required int Starts { get; init; }

    /// <summary>Calls over which allocation is counted.</summary>
    public required long AllocationCalls { get; init; }

    /// <summary>Time without traffic before memory is read.</summary>
    public required TimeSpan Idle { get; init; }
}
