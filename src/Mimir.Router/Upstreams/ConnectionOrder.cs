using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.State.Health;

namespace Mimir.Router.Upstreams;

/// <summary>What connection is wanted: which server, which era, for which kind of client.</summary>
public sealed record ConnectionOrder
{
    /// <summary>The server.</summary>
    public required ServerModel Server { get; init; }

    /// <summary>The era to speak.</summary>
    public required Era Era { get; init; }

    /// <summary>What a legacy server is told of the client.</summary>
    public required ClientProfile Profile { get; init; }

    /// <summary>The session that has the connection for itself, or null when it is shared.</summary>
    public object? Owner { get; init; }

    /// <summary>Bounds.</summary>
    public required LimitsModel Limits { get; init; }

    /// <summary>Takes what the connection reports.</summary>
    public required IUpstreamEvents Events { get; init; }

    /// <summary>Counts what was of no use, over all connections of the server.</summary>
    public WireCounts Counts { get; init; } = new();

    /// <summary>Is told how calls end, over all connections of the server; null for nobody.</summary>
    public ServerHealth? Health { get; init; }

    /// <summary>Makes the handshake, for connections that must make it again.</summary>
    public required Func<UpstreamConnection, CancellationToken, Task> Handshake { get; init; }

    /// <summary>The monotonic clock.</summary>
    public required MonotonicClock Clock { get; init; }

    /// <summary>Looks at the deadlines of calls; null where nobody does.</summary>
    public Pulse? Pulse { get; init; }
}
