using System.Collections.Immutable;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Catalog;

/// <summary>Servers that can take the calls to one name, or the reads of one uri. Immutable.</summary>
/// <param name="Candidates">Where it leads at each, in the order of their tiers and in configured order within one. At most <see cref="Most"/>.</param>
/// <param name="Tiers">The tier of each: those of a lower one are taken first.</param>
/// <param name="Cluster">How one of a tier is chosen; null for the first.</param>
public sealed record RouteChoice(ImmutableArray<Route> Candidates, ImmutableArray<int> Tiers, ClusterModel? Cluster)
{
    /// <summary>Most candidates of one name.</summary>
    public const int Most = 64;
}
