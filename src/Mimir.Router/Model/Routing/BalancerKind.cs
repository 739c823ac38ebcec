namespace Mimir.Router.Model.Routing;

/// <summary>Who of several servers with the same lowest priority number gets a call.</summary>
public enum BalancerKind : byte
{
    /// <summary>The first in configured order.</summary>
    Priority,

    /// <summary>Each in its turn.</summary>
    RoundRobin,

    /// <summary>The one with the fewest calls open.</summary>
    LeastRequests,

    /// <summary>Of two taken at random, the one with fewer calls open.</summary>
    PowerOfTwo,

    /// <summary>All calls of a client, or of an argument's value, the same one. Calls that cannot be told apart by either go as with <see cref="PowerOfTwo"/>.</summary>
    Sticky,
}
