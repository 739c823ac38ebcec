namespace Mimir.Configuration.Model;

/// <summary><c>limits</c> as a human wrote them; what is not set keeps the router's default.</summary>
public sealed record LimitsConfig
{
    /// <summary><c>maxMessageBytes</c>, in bytes.</summary>
    public Setting<int> MaxMessageBytes { get; init; }

    /// <summary><c>maxDepth</c>.</summary>
    public Setting<int> MaxDepth { get; init; }

    /// <summary><c>maxBatch</c>.</summary>
    public Setting<int> MaxBatch { get; init; }

    /// <summary><c>maxInFlight</c>.</summary>
    public Setting<int> MaxInFlight { get; init; }

    /// <summary><c>maxQueuedBytes</c>, in bytes.</summary>
    public Setting<int> MaxQueuedBytes { get; init; }

    /// <summary><c>maxSessions</c>.</summary>
    public Setting<int> MaxSessions { get; init; }

    /// <summary><c>maxProcesses</c>.</summary>
    public Setting<int> MaxProcesses { get; init; }

    /// <summary><c>maxProcessMemory</c>, in bytes.</summary>
    public Setting<long> MaxProcessMemory { get; init; }

    /// <summary><c>sessionIdle</c>, in milliseconds.</summary>
    public Setting<long> SessionIdle { get; init; }

    /// <summary><c>maxParked</c>.</summary>
    public Setting<int> MaxParked { get; init; }

    /// <summary><c>parkTimeout</c>, in milliseconds.</summary>
    public Setting<long> ParkTimeout { get; init; }

    /// <summary><c>listGrace</c>, in milliseconds.</summary>
    public Setting<long> ListGrace { get; init; }

    /// <summary><c>pageSize</c>.</summary>
    public Setting<int> PageSize { get; init; }
}
