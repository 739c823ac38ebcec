using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>What every pool needs from the rest of the house.</summary>
public sealed record PoolSetup
{
    /// <summary>Bounds.</summary>
    public required LimitsModel Limits { get; init; }

    /// <summary>The monotonic clock.</summary>
    public required MonotonicClock Clock { get; init; }

    /// <summary>Takes what connections report.</summary>
    public required IUpstreamEvents Events { get; init; }

    /// <summary>Finds the connector for a kind of transport.</summary>
    public required Func<TransportModel, IConnector> ConnectorFor { get; init; }
}
