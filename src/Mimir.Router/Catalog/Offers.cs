using System.Collections.Immutable;
using Mimir.Router.Model.Routing;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>
/// What one server offers, or the members of one cluster together: each of their names once, with all that can take it, in the order
/// in which they are to be taken.
/// </summary>
internal sealed class Offers
{
    private const int FirstFallbackTier = 1_000_001;
    private readonly Dictionary<string, List<Offer>> _byKey = new(StringComparer.Ordinal);
    private readonly View _view;
    private readonly ListKind _kind;

    private Offers(View view, ListKind kind, string name, string prefix, ClusterModel? cluster)
    {
        _view = view;
        _kind = kind;
        Name = name;
        Prefix = prefix;
        Cluster = cluster;
    }

    /// <summary>The server's name or the cluster's.</summary>
    public string Name { get; }

    /// <summary>What stands before its names.</summary>
    public string Prefix { get; }

    /// <summary>The cluster, or null for one server.</summary>
    public ClusterModel? Cluster { get; }

    /// <summary>The names, in the order they are shown.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>What its servers list and do not take, or may not be seen.</summary>
    public List<HiddenEntry> Untaken { get; } = [];

    /// <summary>All that is offered, in configured order; a cluster stands where its first member does.</summary>
    /// <param name="view">The selection of servers.</param>
    /// <param name="kind">Which list.</param>
    /// <param name="sources">Their lists, in configured order.</param>
    public static List<Offers> Of(View view, ListKind kind, List<(ConnectionSlot Slot, ServerList List)> sources)
    {
        var all = new List<Offers>();
        var clusters = new Dictionary<string, Offers>(StringComparer.Ordinal);
        foreach (var (slot, list) in sources)
        {
            var server = slot.Pool.Model;
            Offers offers;
            if (view.Name is not null || server.Cluster is not { } cluster)
            {
                all.Add(offers = new Offers(view, kind, server.Name, server.Prefix, null));
            }
            else if (!clusters.TryGetValue(cluster, out offers!))
            {
                var model = view.Clusters.FirstOrDefault(c => c.Name == cluster) ?? new ClusterModel(cluster);
                all.Add(clusters[cluster] = offers = new Offers(view, kind, cluster, server.Prefix, model));
            }

            offers.Add(slot, list, isAlone: view.Name is not null);
        }

        foreach (var offers in all)
        {
            // A server alone that names no stand-in has nothing to add, which is nearly all of them.
            if (view.Name is null && (offers.Cluster is not null || offers._byKey.Values.FirstOrDefault()?[0].Slot.Pool.Model.Routes.IsDefaultOrEmpty == false))
            {
                offers.Complete(sources);
            }
        }

        return all;
    }

    /// <summary>Who can take a name: the one that is shown first.</summary>
    public IReadOnlyList<Offer> Takers(string key) => _byKey[key];

    private void Add(ConnectionSlot slot, ServerList list, bool isAlone)
    {
        foreach (var entry in list.Entries)
        {
            if (!isAlone && RouteRules.For(slot.Pool.Model, entry.Key) is null)
            {
                Untaken.Add(new HiddenEntry(slot.Pool, $"'{entry.Key}' is not taken: no pattern of its routes matches"));
                continue;
            }

            if (_view.Objection(slot.Pool, _kind, entry.Key) is { } objection)
            {
                Untaken.Add(new HiddenEntry(slot.Pool, $"'{entry.Key}' is denied: {objection}"));
                continue;
            }

            if (!_byKey.TryGetValue(entry.Key, out var takers))
            {
                Keys.Add(entry.Key);
                _byKey.Add(entry.Key, takers = []);
            }

            if (takers.Count == 0 || takers[^1].Slot != slot)
            {
                takers.Add(new Offer(slot, entry, slot.Pool.Model.Priority));
            }
        }
    }

    /// <summary>Adds who takes names without listing them, and who stands in for whom; puts the takers in order.</summary>
    private void Complete(List<(ConnectionSlot Slot, ServerList List)> sources)
    {
        var members = Cluster is null ? [] : sources.Where(s => s.Slot.Pool.Model.Cluster == Cluster.Name).ToList();
        foreach (var (key, takers) in _byKey)
        {
            foreach (var (slot, _) in members.Where(m => takers.TrueForAll(t => t.Slot.Pool != m.Slot.Pool) && RouteRules.For(m.Slot.Pool.Model, key)?.Strategy == RouteStrategy.Path && IsAllowed(m.Slot, key)))
            {
                takers.Add(new Offer(slot, takers[0].Entry, slot.Pool.Model.Priority));
            }

            // Of those with one number the first configured is the first.
            var ordered = takers.OrderBy(t => t.Tier).ThenBy(t => sources.FindIndex(s => s.Slot == t.Slot)).ToList();
            takers.Clear();
            takers.AddRange(ordered);
            AddFallbacks(key, takers, sources);
            if (takers.Count > RouteChoice.Most)
            {
                takers.RemoveRange(RouteChoice.Most, takers.Count - RouteChoice.Most);
            }
        }
    }

    private bool IsAllowed(ConnectionSlot slot, string key) => _view.Objection(slot.Pool, _kind, key) is null;

    /// <summary>What is hidden of a tool at one of two servers would not be at the other: neither takes the other's calls of it.</summary>
    private bool IsShownOtherwise(ConnectionSlot one, ConnectionSlot other, string key) =>
        MetaIndex.InstanceOf(one.Pool) != MetaIndex.InstanceOf(other.Pool) && (_view.IsDisguised(one.Pool, _kind, key) || _view.IsDisguised(other.Pool, _kind, key));

    private void AddFallbacks(string key, List<Offer> takers, List<(ConnectionSlot Slot, ServerList List)> sources)
    {
        // Those that are added have fallbacks of their own: the list grows while it is walked, and nobody comes twice.
        for (var i = 0; i < takers.Count; i++)
        {
            foreach (var name in RouteRules.For(takers[i].Slot.Pool.Model, key)?.FallbackTo ?? ImmutableArray<string>.Empty)
            {
                foreach (var (slot, list) in sources)
                {
                    if (slot.Pool.Model.Name == name && takers.TrueForAll(t => t.Slot.Pool != slot.Pool) && list.Entries.FirstOrDefault(e => e.Key == key) is { } entry
                        && IsAllowed(slot, key) && !IsShownOtherwise(takers[0].Slot, slot, key))
                    {
                        takers.Add(new Offer(slot, entry, FirstFallbackTier + takers.Count));
                    }
                }
            }
        }
    }
}
