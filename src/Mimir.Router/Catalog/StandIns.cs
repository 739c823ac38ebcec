using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>
/// Lists for servers that have never listed anything because they are not there: what those list that take their calls by
/// <c>fallbackTo</c>. Names and calls depend on what is configured, and not on who came up first.
/// </summary>
internal static class StandIns
{
    /// <summary>True for a server whose calls others take, and which was found not to be there.</summary>
    public static bool Has(ClientCatalog catalog, ServerPool pool) =>
        HasFallbacks(pool)
        && (pool.State.LastError.Length > 0 || pool.State.Status is UpstreamStatus.Backoff or UpstreamStatus.Failed or UpstreamStatus.NeedsAuth
            || catalog.FailureOf(pool) is { IsHeldBack: true });

    /// <summary>True for a server whose calls others may take.</summary>
    public static bool HasFallbacks(ServerPool pool) => !pool.Model.Routes.IsDefaultOrEmpty && pool.Model.Routes.Any(static r => !r.FallbackTo.IsDefaultOrEmpty);

    /// <summary>Those that take a server's calls, in their order, and those that take theirs; each once.</summary>
    public static IReadOnlyList<ServerPool> Of(View view, ServerPool pool)
    {
        // Those that are found have fallbacks of their own: the list grows while it is walked.
        var all = new List<ServerPool> { pool };
        for (var i = 0; i < all.Count; i++)
        {
            foreach (var name in Names(all[i]))
            {
                if (view.Pools.FirstOrDefault(p => p.Model.Name == name) is { } next && !all.Contains(next))
                {
                    all.Add(next);
                }
            }
        }

        return all[1..];
    }

    /// <summary>Adds what stands in for the lists of servers that are away.</summary>
    /// <param name="catalog">Whose lists they are.</param>
    /// <param name="kind">Which lists.</param>
    /// <param name="sources">The lists that there are, in configured order.</param>
    /// <param name="away">The servers that are away.</param>
    /// <returns>Those and these, in configured order; the same object when nobody is away.</returns>
    public static List<(ConnectionSlot Slot, ServerList List)> Fill(
        ClientCatalog catalog, ListKind kind, List<(ConnectionSlot Slot, ServerList List)> sources, IReadOnlySet<ServerPool> away)
    {
        if (away.Count == 0)
        {
            return sources;
        }

        // What one that takes calls may not show itself is nobody's to show.
        var known = sources.ToDictionary(
            s => s.Slot.Pool.Model.Name,
            s => catalog.View.IsUnbounded(s.Slot.Pool) ? s.List : new ServerList { Entries = [.. s.List.Entries.Where(e => catalog.View.Objection(s.Slot.Pool, kind, e.Key) is null)] },
            StringComparer.Ordinal);
        var slots = sources.ToDictionary(s => s.Slot.Pool, s => s.Slot);
        foreach (var pool in away)
        {
            slots[pool] = catalog.SlotOf(pool);
            Borrow(pool, away, known, (name, key) => catalog.View.Pools.FirstOrDefault(p => p.Model.Name == name) is { } owner && catalog.View.IsDisguised(owner, kind, key));
        }

        return [.. catalog.View.Pools.Where(slots.ContainsKey).Select(p => (slots[p], known[p.Model.Name]))];
    }

    private static ServerList Borrow(ServerPool pool, IReadOnlySet<ServerPool> away, Dictionary<string, ServerList> known, Func<string, string, bool> isDisguised)
    {
        if (known.TryGetValue(pool.Model.Name, out var done))
        {
            return done;
        }

        // Noted first, so that a circle ends.
        known[pool.Model.Name] = ServerList.Empty;
        var entries = new Dictionary<string, CatalogEntry>(StringComparer.Ordinal);
        var order = new List<CatalogEntry>();
        foreach (var name in Names(pool))
        {
            var list = away.FirstOrDefault(p => p.Model.Name == name) is { } other ? Borrow(other, away, known, isDisguised) : known.GetValueOrDefault(name);
            foreach (var entry in list?.Entries ?? [])
            {
                if (RouteRules.For(pool.Model, entry.Key) is { FallbackTo: { IsDefaultOrEmpty: false } to } && to.Contains(name, StringComparer.Ordinal)
                    && !isDisguised(name, entry.Key) && !isDisguised(pool.Model.Name, entry.Key) && entries.TryAdd(entry.Key, entry))
                {
                    order.Add(entry);
                }
            }
        }

        return known[pool.Model.Name] = new ServerList { Entries = [.. order] };
    }

    private static IEnumerable<string> Names(ServerPool pool) =>
        HasFallbacks(pool) ? pool.Model.Routes.Where(static r => !r.FallbackTo.IsDefaultOrEmpty).SelectMany(static r => r.FallbackTo).Distinct(StringComparer.Ordinal) : [];
}
