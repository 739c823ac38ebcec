using System.Collections.Immutable;
using System.Text;
using Mimir.Router.Catalog;
using Mimir.Router.Model.Routing;
using Mimir.Router.Resilience.Balancing;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>Says where a call would go.</summary>
internal static class RouteExplainer
{
    private const string Absent = "it is no server of this namespace";

    /// <summary>Explains a name that is listed.</summary>
    /// <param name="engine">The router.</param>
    /// <param name="catalog">The lists it is looked for in.</param>
    /// <param name="name">A name or uri, as clients use it.</param>
    /// <returns>Null when none of the lists has it.</returns>
    public static RouteExplanation? Listed(RouterEngine engine, ClientCatalog catalog, string name)
    {
        var merged = catalog.Refresh();
        foreach (var (kind, word) in new[] { (ListKind.Tools, "tool"), (ListKind.Prompts, "prompt"), (ListKind.Resources, "resource") })
        {
            if (merged[kind].Find(Encoding.UTF8.GetBytes(name)) is { } route)
            {
                return Explain(engine, route, name, word, pool => catalog.View.Holds(pool) ? Why(pool, route) : Absent);
            }
        }

        return null;
    }

    /// <summary>Explains a name that no list has.</summary>
    /// <param name="engine">The router.</param>
    /// <param name="catalog">The lists of those who would call it.</param>
    /// <param name="name">A name or uri, as clients use it.</param>
    public static RouteExplanation Unlisted(RouterEngine engine, ClientCatalog catalog, string name)
    {
        string Reason(ServerPool pool) => catalog.View.Holds(pool) ? WhyUnlisted(pool) : Absent;
        return PathTaker.Find(catalog, ListKind.Tools, name) is { } taken
            ? Explain(engine, taken, name, "tool", Reason)
            : new RouteExplanation(name, "", "", "", [.. Others(engine, []).Select(p => Stranger(p, Reason(p)))]);
    }

    private static RouteExplanation Explain(RouterEngine engine, Route route, string name, string kind, Func<ServerPool, string> why)
    {
        var choice = route.Choice ?? new RouteChoice([route], [route.Pool.Model.Priority], null);
        var chosen = Chooser.Peek(choice);
        var candidates = choice.Candidates.Select((c, i) => new RouteCandidate(
            c.Pool.Model.Name,
            c.Entry.Key,
            c.Pool.Model.Priority,
            choice.Tiers[i] == c.Pool.Model.Priority ? Word(RouteRules.For(c.Pool.Model, c.Entry.Key)?.Strategy) : Word(RouteStrategy.Fallback),
            i == chosen,
            c.Slot.Objection ?? ""));
        var others = Others(engine, choice.Candidates).Select(p => Stranger(p, why(p)));
        return new RouteExplanation(name, kind, choice.Cluster?.Name ?? "", route.Choice is null ? "" : Word(choice.Cluster?.Balancer ?? BalancerKind.Priority), [.. candidates, .. others]);
    }

    private static IEnumerable<ServerPool> Others(RouterEngine engine, ImmutableArray<Route> candidates) =>
        engine.Pools.Where(p => !p.Model.IsOwn && !candidates.Any(c => c.Pool == p));

    private static RouteCandidate Stranger(ServerPool pool, string why) => new(pool.Model.Name, "", pool.Model.Priority, "", false, why);

    private static string Why(ServerPool pool, Route route) =>
        pool.Model.Cluster is { } cluster && cluster == route.Pool.Model.Cluster
            ? RouteRules.For(pool.Model, route.Entry.Key) is null ? "no pattern of its routes matches the name" : WhyUnlisted(pool)
            : "it is no member of the same cluster, and no fallback_to leads to it";

    private static string WhyUnlisted(ServerPool pool) =>
        pool.State.Tools is not null || pool.State.ListProblems.Count > 0 ? "it lists nothing of that name"
        : pool.State.LastError.Length > 0 ? $"what it lists is not known: {pool.State.LastError}"
        : $"what it lists is not known: it is {UpstreamLife.Word(pool.State.Status)}";

    private static string Word(RouteStrategy? strategy) => strategy switch
    {
        RouteStrategy.Path => "path",
        RouteStrategy.Capability => "capability",
        RouteStrategy.Fallback => "fallback",
        _ => "",
    };

    /// <summary>The name of a balancer, as the configuration has it.</summary>
    public static string Word(BalancerKind kind) => kind switch
    {
        BalancerKind.RoundRobin => "round-robin",
        BalancerKind.LeastRequests => "least-requests",
        BalancerKind.PowerOfTwo => "power-of-two",
        BalancerKind.Sticky => "sticky",
        _ => "priority",
    };
}
