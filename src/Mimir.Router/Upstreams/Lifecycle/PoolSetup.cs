using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>What every pool needs from the rest of the house.</summary>
public sealed record PoolSetup
{
    /// <summary>Bounds of connections that are opened from now on.</summary>
    public required LimitsModel Limits { get; set; }

    /// <summary>The monotonic clock.</summary>
    public required MonotonicClock Clock { get; init; }

    /// <summary>Looks at the deadlines of calls; null where nobody does.</summary>
    public Pulse? Pulse { get; init; }

    /// <summary>Takes what connections report.</summary>
    public required IUpstreamEvents Events { get; init; }

    /// <summary>Bounds the processes of all servers.</summary>
    public required ProcessBudget Budget { get; init; }

    /// <summary>A number from 0 up to 1, another each time: what spreads attempts that would come at once.</summary>
    public required Func<double> Random { get; init; }

    /// <summary>Finds the connector for a kind of transport.</summary>
    public required Func<TransportModel, IConnector> ConnectorFor { get; init; }
}
