using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>Merges what several servers offer, in configured order.</summary>
internal static class CatalogMerger
{
    public static MergedCatalog Merge(CatalogStore store, ClientCatalog catalog, long epoch, MergedCatalog before)
    {
        var missing = new IReadOnlyList<ServerPool>[ListKinds.Count];
        var lists = new MergedList[ListKinds.Count];
        foreach (var kind in ListKinds.All)
        {
            var sources = new List<(ConnectionSlot Slot, ServerList List)>();
            var unseen = new List<ServerPool>();
            foreach (var pool in catalog.View.Pools)
            {
                var slot = catalog.SlotOf(pool);
                if (store.Known(slot, kind) is { } list)
                {
                    sources.Add((slot, list));
                }

                if (!store.IsKnown(slot, kind) && slot.CurrentFailure is not { WrongEra: true })
                {
                    unseen.Add(pool);
                }
            }

            missing[(int)kind] = unseen;

            var merged = kind is ListKind.Tools or ListKind.Prompts
                ? MergeNames(kind, catalog, sources)
                : MergeUris(kind, catalog, sources);

            // Lists that look alike stay the same object, so that who compares needs no bytes.
            lists[(int)kind] = before.Epoch > 0 && before[kind].LooksLike(merged) && SameRoutes(before[kind], merged) ? before[kind] : merged;
        }

        return new MergedCatalog(epoch, lists, missing);
    }

    private static bool SameRoutes(MergedList a, MergedList b)
    {
        for (var i = 0; i < a.Routes.Length; i++)
        {
            if (!ReferenceEquals(a.Routes[i].Entry, b.Routes[i].Entry))
            {
                return false;
            }
        }

        return a.Routes.Length == b.Routes.Length;
    }

    private static MergedList MergeNames(ListKind kind, ClientCatalog catalog, List<(ConnectionSlot Slot, ServerList List)> sources)
    {
        var view = catalog.View;
        var mode = view.Naming.Prefix;
        var maker = new NameMaker(view.Naming, view.Pools.Select(p => p.Model.Prefix));
        var shared = mode == PrefixMode.OnCollision ? Colliding(sources) : [];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var routes = new List<Route>();
        var hidden = new List<HiddenEntry>();
        foreach (var (slot, list) in sources)
        {
            string[] names = mode == PrefixMode.Never
                ? [.. list.Entries.Select(e => e.Key)]
                : maker.Make(
                    slot.Pool.Model.Name,
                    slot.Pool.Model.Prefix,
                    [.. list.Entries.Select(e => e.Key)],
                    name => mode == PrefixMode.Always || shared.Contains(NameMaker.Clean(name)));
            for (var i = 0; i < names.Length; i++)
            {
                var name = names[i];
                if (mode == PrefixMode.OnCollision && taken.Contains(name))
                {
                    // A name without prefix can look like another's with one: the later server's gets the digest.
                    name = NameMaker.WithDigest(name, slot.Pool.Model.Name, list.Entries[i].Key);
                }

                if (taken.Add(name))
                {
                    routes.Add(new Route(slot, list.Entries[i], name));
                }
                else
                {
                    hidden.Add(new(slot.Pool, $"'{names[i]}' is not shown: another server's comes first (naming.prefix)"));
                }
            }
        }

        return Build(kind, catalog, sources, routes, hidden);
    }

    /// <summary>
    /// Uris pass as they are. One that several servers offer belongs to the first of them; the others' are shown as
    /// <c>mimir://PREFIX/URI</c>.
    /// </summary>
    private static MergedList MergeUris(ListKind kind, ClientCatalog catalog, List<(ConnectionSlot Slot, ServerList List)> sources)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var routes = new List<Route>();
        var hidden = new List<HiddenEntry>();
        foreach (var (slot, list) in sources)
        {
            foreach (var entry in list.Entries)
            {
                var shown = entry.Key;
                if (!taken.Add(shown) && !taken.Add(shown = ForeignUris.Make(slot.Pool.Model.Prefix, entry.Key)))
                {
                    hidden.Add(new(slot.Pool, $"'{entry.Key}' is not shown: other servers list it, and what would stand for it as well"));
                    continue;
                }

                routes.Add(new Route(slot, entry, shown));
            }
        }

        return Build(kind, catalog, sources, routes, hidden);
    }

    private static MergedList Build(
        ListKind kind, ClientCatalog catalog, List<(ConnectionSlot Slot, ServerList List)> sources, List<Route> routes, List<HiddenEntry> hidden)
    {
        var complete = sources.Count == catalog.View.Pools.Length && sources.Count > 0;
        return new MergedList(
            kind,
            catalog.Era == Era.Modern,
            routes,
            hidden,
            complete ? sources.Min(s => s.List.TtlMs) : 0,
            complete && sources.All(s => s.List.Public),
            catalog.View.Limits.PageSize);
    }

    private static HashSet<string> Colliding(List<(ConnectionSlot Slot, ServerList List)> sources)
    {
        var owners = new Dictionary<string, ServerPool>(StringComparer.Ordinal);
        var colliding = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (slot, list) in sources)
        {
            foreach (var name in list.Entries.Select(e => NameMaker.Clean(e.Key)))
            {
                if (!owners.TryAdd(name, slot.Pool) && owners[name] != slot.Pool)
                {
                    colliding.Add(name);
                }
            }
        }

        return colliding;
    }
}
