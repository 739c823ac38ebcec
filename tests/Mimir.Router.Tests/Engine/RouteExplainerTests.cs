using System.Collections.Immutable;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Tests.Engine;

/// <summary>Where a call would go is told as the call would find it.</summary>
public sealed class RouteExplainerTests
{
    private const string Stranger = "it is no member of the same cluster, and no fallback_to leads to it";

    [Fact]
    public async Task Explain_ClusterAndFallback_InTheOrderTheyAreTried()
    {
        await using var house = Of(
            Member("late", "get") with { Priority = 20 },
            Member("first", "get") with { Routes = [new RouteRule("get", RouteStrategy.Fallback, ["spare"])] },
            Member("deaf", "other"),
            Member("picky", "get") with { Routes = [new RouteRule("put_*", RouteStrategy.Path, [])] },
            House.Server("spare"),
            House.Server("far"));

        var route = await ExplainAsync(house, "pool_get");

        Assert.Equal(("tool", "pool", "priority"), (route.Kind, route.Cluster, route.Balancer));
        Assert.Equal(
            [
                new RouteCandidate("first", "get", 10, "fallback", true, ""),
                new RouteCandidate("late", "get", 20, "capability", false, ""),
                new RouteCandidate("spare", "get", 10, "fallback", false, ""),
                new RouteCandidate("deaf", "", 10, "", false, "it lists nothing of that name"),
                new RouteCandidate("picky", "", 10, "", false, "no pattern of its routes matches the name"),
                new RouteCandidate("far", "", 10, "", false, Stranger),
            ],
            route.Candidates);
    }

    [Fact]
    public async Task Explain_FirstIsStopped_TheNextTakesItAndTheFirstSaysWhyNot()
    {
        await using var house = Of(Member("one", "get"), Member("two", "get") with { Priority = 20 });
        await ExplainAsync(house, "pool_get");

        await new RouterCommands(house.Engine).StopAsync("one").Within();
        var route = new RouterState(house.Engine).Explain("pool_get");

        Assert.Equal("two", Assert.Single(route.Candidates, c => c.IsTaken).Server);
        Assert.All(route.Candidates.Where(c => c.Server == "one"), c => Assert.NotEmpty(c.Objection));
    }

    [Fact]
    public async Task Explain_NobodyListsTheNameAndAPathTakesIt_IsToldAsTheCallWouldFindIt()
    {
        await using var house = Of(
            House.Server("other"),
            House.Server("db") with { Routes = [new RouteRule("fetch_*", RouteStrategy.Path, [])] });

        var route = await ExplainAsync(house, "db_fetch_user");

        Assert.Equal(new RouteCandidate("db", "fetch_user", 10, "path", true, ""), route.Candidates[0]);
        Assert.Equal("", (await ExplainAsync(house, "db_drop_user")).Kind);
        Assert.Equal("", (await ExplainAsync(house, "other_fetch_user")).Kind);
    }

    [Fact]
    public async Task Explain_UnknownNameBeforeAnybodyListed_SaysThatItIsNotKnown()
    {
        await using var house = Of(House.Server("far"));

        var before = new RouterState(house.Engine).Explain("far_no");
        var after = await ExplainAsync(house, "far_no");

        Assert.Equal(("", "what it lists is not known: it is configured"), (before.Kind, Assert.Single(before.Candidates).Objection));
        Assert.Equal(("", "it lists nothing of that name"), (after.Kind, Assert.Single(after.Candidates).Objection));
    }

    private static ServerModel Member(string name, string tool) =>
        House.Server(name) with { Cluster = "pool", Prefix = "pool", Transport = new InProcessModel(name + ":" + tool) };

    private static async Task<RouteExplanation> ExplainAsync(House house, string name)
    {
        await house.Engine.ProbeAllAsync().Within();
        return new RouterState(house.Engine).Explain(name);
    }

    /// <summary>Servers with one tool each, which stands behind the colon of their place; <c>get</c> where there is none.</summary>
    private static House Of(params ServerModel[] servers) => new(
        new RouterModel { Servers = [.. servers] },
        servers.Select(s => ((InProcessModel)s.Transport).Factory).ToImmutableDictionary(
            f => f, f => TinyServer.With(f.Contains(':', StringComparison.Ordinal) ? f[(f.IndexOf(':', StringComparison.Ordinal) + 1)..] : "get"), StringComparer.Ordinal));
}
