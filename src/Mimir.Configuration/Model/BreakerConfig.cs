namespace Mimir.Configuration.Model;

/// <summary><c>circuitBreaker</c> of a server as a human wrote it.</summary>
public sealed record BreakerConfig
{
    /// <summary><c>enabled</c>.</summary>
    public Setting<bool> Enabled { get; init; }

    /// <summary><c>failureThreshold</c>.</summary>
    public Setting<int> FailureThreshold { get; init; }

    /// <summary><c>timeout</c>, in milliseconds.</summary>
    public Setting<long> Timeout { get; init; }

    /// <summary><c>halfOpenAttempts</c>.</summary>
    public Setting<int> HalfOpenAttempts { get; init; }
}
