namespace Mimir.Configuration.Model;

/// <summary><c>healthCheck</c> of a server as a human wrote it.</summary>
public sealed record HealthConfig
{
    /// <summary><c>enabled</c>.</summary>
    public Setting<bool> Enabled { get; init; }

    /// <summary><c>interval</c>, in milliseconds.</summary>
    public Setting<long> Interval { get; init; }

    /// <summary><c>timeout</c>, in milliseconds.</summary>
    public Setting<long> Timeout { get; init; }

    /// <summary><c>failureThreshold</c>.</summary>
    public Setting<int> FailureThreshold { get; init; }

    /// <summary><c>endpoint</c>: an address, or a path that begins with a slash.</summary>
    public Setting<string> Endpoint { get; init; }
}
