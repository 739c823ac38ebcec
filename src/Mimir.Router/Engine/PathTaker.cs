using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>Finds who takes a name that nobody lists.</summary>
internal static class PathTaker
{
    /// <summary>
    /// Finds the servers that take a name whatever their lists say: the first with the lowest priority number, and the members of its
    /// cluster that take it as well.
    /// </summary>
    /// <param name="catalog">The lists of who calls.</param>
    /// <param name="kind">Tools or prompts.</param>
    /// <param name="name">The name as clients use it.</param>
    /// <returns>Where it leads; null when nobody takes it.</returns>
    public static Route? Find(ClientCatalog catalog, ListKind kind, string name)
    {
        var view = catalog.View;
        if (view.Name is not null)
        {
            return null;
        }

        ServerPool? first = null;
        var takers = new List<ServerPool>();
        foreach (var pool in view.Pools)
        {
            if (!pool.Model.Routes.IsDefaultOrEmpty && pool.State.Life.IsOffered && Owns(view, pool, name)
                && RouteRules.For(pool.Model, OwnOf(view, pool, name))?.Strategy == RouteStrategy.Path
                && view.Objection(pool, kind, OwnOf(view, pool, name)) is null && !view.IsDisguised(pool, kind, OwnOf(view, pool, name)))
            {
                takers.Add(pool);
                first = first is null || pool.Model.Priority < first.Model.Priority ? pool : first;
            }
        }

        if (first is null)
        {
            return null;
        }

        // Of those with one number the first configured is the first.
        var candidates = takers.Where(p => AreMates(p, first)).OrderBy(p => p.Model.Priority).Take(RouteChoice.Most)
            .Select(p => new Route(catalog.SlotOf(p), EntryOf(OwnOf(view, p, name)), name)).ToList();
        return candidates.Count == 1
            ? candidates[0]
            : new Route(candidates[0].Slot, candidates[0].Entry, name)
            {
                Choice = new RouteChoice(
                    [.. candidates], [.. candidates.Select(c => c.Pool.Model.Priority)],
                    view.Clusters.FirstOrDefault(c => c.Name == first.Model.Cluster) ?? new ClusterModel(first.Model.Cluster!)),
            };
    }

    /// <summary>Whether two are the same server or members of the same cluster.</summary>
    public static bool AreMates(ServerPool a, ServerPool b) => a == b || (a.Model.Cluster is { } cluster && cluster == b.Model.Cluster);

    /// <summary>Whether a name can be one of a server's, by what it begins with.</summary>
    public static bool Owns(View view, ServerPool pool, string name) =>
        view.Naming.Prefix != PrefixMode.Always || name.StartsWith(view.Naming.StemOf(pool.Model), StringComparison.Ordinal);

    /// <summary>A name without the prefix that stands before all of a server's.</summary>
    public static string OwnOf(View view, ServerPool pool, string name) => view.Naming.Prefix == PrefixMode.Always ? name[view.Naming.StemOf(pool.Model).Length..] : name;

    /// <summary>An entry that says no more than the name, for one that nobody lists.</summary>
    private static CatalogEntry EntryOf(string own)
    {
        var inside = JsonText.Encode(own);
        return new CatalogEntry([.. "{\"name\":\""u8, .. inside, .. "\"}"u8], new ByteRange("{\"name\":\""u8.Length, inside.Length), own);
    }
}
