using System.Collections.Immutable;
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
        var standIns = new IReadOnlySet<ServerPool>[ListKinds.Count];
        var lists = new MergedList[ListKinds.Count];
        foreach (var kind in ListKinds.All)
        {
            var sources = new List<(ConnectionSlot Slot, ServerList List)>();
            var unseen = new List<ServerPool>();
            var away = new HashSet<ServerPool>();
            foreach (var pool in catalog.View.Pools.Where(p => p.State.Life.IsOffered))
            {
                var slot = catalog.SlotOf(pool);
                if (store.Known(slot, kind) is { } list)
                {
                    sources.Add((slot, list));
                }
                else if (kind is ListKind.Tools or ListKind.Prompts && catalog.View.Name is null && (StandIns.Has(catalog, pool) || before.StandsIn(kind, pool)))
                {
                    // What was shown for it stays until it lists by itself: that it is being started is no news.
                    away.Add(pool);
                }

                if (!store.IsSettled(slot, kind) && (pool.IsSettling || slot.CurrentFailure is not { WrongEra: true, IsGuess: false }))
                {
                    unseen.Add(pool);
                }
            }

            missing[(int)kind] = unseen;
            standIns[(int)kind] = away;

            var merged = kind is ListKind.Tools or ListKind.Prompts
                ? MergeNames(kind, catalog, sources, StandIns.Fill(catalog, kind, sources, away))
                : MergeUris(kind, catalog, sources);

            // Lists that look alike stay the same object, so that who compares needs no bytes.
            var former = before.Offered(kind);
            lists[(int)kind] = before.Epoch > 0 && former.LooksLike(merged) && SameRoutes(former, merged) ? former : merged;
        }

        if (!catalog.View.IsMeta)
        {
            return new MergedCatalog(epoch, lists, missing, standIns);
        }

        var behind = lists[(int)ListKind.Tools];
        lists[(int)ListKind.Tools] = MetaTools.For(RevisionOf(catalog));
        return new MergedCatalog(epoch, lists, missing, standIns, behind);
    }

    private static bool SameRoutes(MergedList a, MergedList b)
    {
        for (var i = 0; i < a.Routes.Length; i++)
        {
            if (!ReferenceEquals(a.Routes[i].Entry, b.Routes[i].Entry) || !SameChoice(a.Routes[i].Choice, b.Routes[i].Choice))
            {
                return false;
            }
        }

        return a.Routes.Length == b.Routes.Length;
    }

    private static bool SameChoice(RouteChoice? a, RouteChoice? b) =>
        (a is null && b is null) || (a is not null && b is not null && a.Candidates.Length == b.Candidates.Length
            && a.Candidates.Zip(b.Candidates).All(pair => ReferenceEquals(pair.First.Slot, pair.Second.Slot) && ReferenceEquals(pair.First.Entry, pair.Second.Entry)));

    private static MergedList MergeNames(
        ListKind kind, ClientCatalog catalog, List<(ConnectionSlot Slot, ServerList List)> sources, List<(ConnectionSlot Slot, ServerList List)> filled)
    {
        var view = catalog.View;
        var mode = view.Naming.Prefix;
        var maker = new NameMaker(view.Naming, view.Pools.Select(p => p.Model.Prefix));
        var all = Offers.Of(view, kind, filled);
        var shared = mode == PrefixMode.OnCollision ? Colliding(all) : [];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var isDisguised = kind == ListKind.Tools && view.HasDisguises;
        if (isDisguised)
        {
            // Names that the operator chose are kept free for what he gave them to, also while that is away.
            taken.UnionWith(view.ChosenNames);
        }

        var routes = new List<Route>();
        var hidden = new List<HiddenEntry>();
        foreach (var offers in all)
        {
            hidden.AddRange(offers.Untaken);
            string[] names = mode == PrefixMode.Never
                ? [.. offers.Keys]
                : maker.Make(offers.Name, offers.Prefix, offers.Keys, name => offers.Prefix.Length > 0 && (mode == PrefixMode.Always || shared.Contains(NameMaker.Clean(name))));
            for (var i = 0; i < names.Length; i++)
            {
                var name = names[i];
                var disguise = isDisguised ? view.DisguiseOf(offers.Name, offers.Keys[i]) : null;
                if (isDisguised && Undisguisable(catalog, offers, offers.Keys[i], disguise) is { } why)
                {
                    hidden.Add(new HiddenEntry(offers.Takers(offers.Keys[i])[0].Slot.Pool, why));
                    continue;
                }

                if (disguise?.Name is { } chosen)
                {
                    routes.Add(RouteTo(offers.Takers(offers.Keys[i]), offers, chosen, kind, catalog, disguise));
                    continue;
                }

                if (mode != PrefixMode.Never && taken.Contains(name))
                {
                    // A name without prefix can look like another's with one: the later server's gets the digest.
                    name = NameMaker.WithDigest(name, offers.Name, offers.Keys[i]);
                }

                var takers = offers.Takers(offers.Keys[i]);
                if (taken.Add(name))
                {
                    routes.Add(RouteTo(takers, offers, name, kind, catalog, disguise));
                }
                else
                {
                    hidden.AddRange(takers.Select(t => new HiddenEntry(t.Slot.Pool, $"'{names[i]}' is not shown: another server's comes first (naming.prefix)")));
                }
            }
        }

        return Build(kind, catalog, sources, routes, hidden);
    }

    /// <summary>
    /// Uris pass as they are. One that several servers offer belongs to the first of them, or to their cluster; the others' are shown as
    /// <c>mimir://TAG/URI</c>.
    /// </summary>
    private static MergedList MergeUris(ListKind kind, ClientCatalog catalog, List<(ConnectionSlot Slot, ServerList List)> sources)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var routes = new List<Route>();
        var hidden = new List<HiddenEntry>();
        foreach (var offers in Offers.Of(catalog.View, kind, sources))
        {
            hidden.AddRange(offers.Untaken);
            foreach (var key in offers.Keys)
            {
                var takers = offers.Takers(key);
                if (taken.Add(key))
                {
                    routes.Add(RouteTo(takers, offers, key, kind, catalog));
                    continue;
                }

                // Under another name it can only be one server's.
                var (slot, entry, _) = takers[0];
                var shown = ForeignUris.Make(slot.Pool.Model.Tag, key);
                if (taken.Add(shown))
                {
                    routes.Add(new Route(slot, Seen(entry, kind, slot, catalog), shown));
                }
                else
                {
                    hidden.Add(new(slot.Pool, $"'{key}' is not shown: other servers list it, and what would stand for it as well"));
                }
            }
        }

        return Build(kind, catalog, sources, routes, hidden);
    }

    /// <summary>Why a tool is not shown at all where some are shown otherwise: what is hidden of it would show. Null when it is.</summary>
    private static string? Undisguisable(ClientCatalog catalog, Offers offers, string key, Disguise? disguise)
    {
        var takers = offers.Takers(key);
        return disguise is null && catalog.View.IsDisguised(takers[0].Slot.Pool, ListKind.Tools, key) ? $"'{key}' is not shown: an override names it in another case of letters"
            : disguise is not null && takers.Any(t => disguise.Over(Seen(t.Entry, ListKind.Tools, t.Slot, catalog)) is null) ? $"'{key}' is not shown: its definition cannot be rewritten as its override asks, for it holds what is no text"
            : null;
    }

    private static Route RouteTo(IReadOnlyList<Offer> takers, Offers offers, string shown, ListKind kind, ClientCatalog catalog, Disguise? disguise = null)
    {
        var routes = ImmutableArray.CreateRange(takers.Select(t => new Route(t.Slot, Seen(t.Entry, kind, t.Slot, catalog) is var seen && disguise is not null ? disguise.Over(seen)! : seen, shown)));
        return routes.Length == 1
            ? routes[0]
            : new Route(routes[0].Slot, routes[0].Entry, shown) { Choice = new RouteChoice(routes, [.. takers.Select(t => t.Tier)], offers.Cluster) };
    }

    /// <summary>The entry in words that the clients know, if their revision is not the server's.</summary>
    private static CatalogEntry Seen(CatalogEntry entry, ListKind kind, ConnectionSlot slot, ClientCatalog catalog)
    {
        var to = RevisionOf(catalog);
        var from = (slot.Live?.Handshake ?? slot.Pool.LastHandshake(slot.Era))?.Revision;
        var seen = ReferenceEquals(from, to) ? entry : entry.For(kind, to);
        var server = slot.Pool.Model;
        return catalog.View.Naming.LabelsDescriptions && kind is ListKind.Tools or ListKind.Prompts && !server.IsOwn ? Labels.Over(seen, kind, server.Cluster ?? server.Name) : seen;
    }

    private static Revision RevisionOf(ClientCatalog catalog) => catalog.Era == Era.Modern ? Revision.LatestModern : catalog.Profile.Revision;

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

    private static HashSet<string> Colliding(List<Offers> all)
    {
        var owners = new Dictionary<string, Offers>(StringComparer.Ordinal);
        var colliding = new HashSet<string>(StringComparer.Ordinal);
        foreach (var offers in all)
        {
            foreach (var name in offers.Keys.Select(NameMaker.Clean))
            {
                if (!owners.TryAdd(name, offers) && owners[name] != offers)
                {
                    colliding.Add(name);
                }
            }
        }

        return colliding;
    }
}
