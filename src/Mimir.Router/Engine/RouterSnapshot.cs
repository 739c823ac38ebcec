using System.Collections.Immutable;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>What the configuration said last, and the servers it led to. Replaced as a whole.</summary>
/// <param name="Model">Everything wanted.</param>
/// <param name="Pools">All servers in configured order.</param>
/// <param name="Views">The view of each server alone, by its name.</param>
/// <param name="Namespaces">The view of each namespace, by its name.</param>
internal sealed record RouterSnapshot(
    RouterModel Model, ImmutableArray<ServerPool> Pools, IReadOnlyDictionary<string, View> Views, IReadOnlyDictionary<string, View> Namespaces);
