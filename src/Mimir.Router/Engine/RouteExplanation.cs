namespace Mimir.Router.Engine;

/// <summary>Where a call to a name would go at one moment, and why.</summary>
/// <param name="Name">The name as asked.</param>
/// <param name="Kind"><c>tool</c>, <c>prompt</c> or <c>resource</c>; empty for a name that is on no list.</param>
/// <param name="Cluster">The cluster it is listed for; empty for none.</param>
/// <param name="Balancer">How one of several with the same lowest number is chosen; empty when there is no choice.</param>
/// <param name="Candidates">Those that can take it, in the order in which they are tried, and after them those that cannot.</param>
public sealed record RouteExplanation(string Name, string Kind, string Cluster, string Balancer, IReadOnlyList<RouteCandidate> Candidates);
