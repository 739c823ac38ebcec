namespace Mimir.Load;

/// <summary>What a load measured.</summary>
public sealed record LoadResult
{
    /// <summary>Calls answered rightly in the counted time.</summary>
    public required long Calls { get; init; }

    /// <summary>Calls answered wrongly, late or not at all, those of the warm-up included. A load with errors measures nothing.</summary>
    public required long Errors { get; init; }

    /// <summary>What was wrong first.</summary>
    public required string? FirstError { get; init; }

    /// <summary>The counted time in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Median time from sending a call to its whole reply, in microseconds.</summary>
    public required double P50 { get; init; }

    /// <summary>99 of 100 calls took at most so many microseconds.</summary>
    public required double P99 { get; init; }

    /// <summary>Processor time of the router, user and system, in the counted time; NaN when none was named.</summary>
    public required double RouterSeconds { get; init; }

    /// <summary>Processor time of the client's thread as a share of the counted time; near 1 the client was the limit.</summary>
    public required double ClientShare { get; init; }

    /// <summary>Calls a second.</summary>
    public double Rate => Calls / Seconds;

    /// <summary>The router's processor time for one call in microseconds.</summary>
    public double RouterMicroseconds => RouterSeconds * 1e6 / Calls;
}
