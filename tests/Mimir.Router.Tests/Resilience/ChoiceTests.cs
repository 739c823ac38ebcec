using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Tests.Resilience;

/// <summary>Who is chosen where names are in no list, where clients have no session, and what is said when nobody is.</summary>
public sealed class ChoiceTests
{
    [Fact]
    public async Task Path_TheFirstOfTwoMembersIsOpen_TheOtherTakesAnUnlistedName()
    {
        await using var house = new ClusterHouse(static m => m, Taker("x", 1), Taker("y", 2));
        await house.ReadyAsync();
        Assert.Equal("x", await house.CallAsync("c_unlisted"));
        house.House.Pool("x").Health.Fail("gone");

        Assert.Equal("y", await house.CallAsync("c_a"));
        Assert.Equal("y", await house.CallAsync("c_unlisted"));
        var explained = new Router.Engine.RouterState(house.House.Engine).Explain("c_unlisted");
        Assert.Equal([("x", "path", false), ("y", "path", true)], explained.Candidates.Select(c => (c.Server, c.Strategy, c.IsTaken)));
        Assert.Equal(("c", "priority"), (explained.Cluster, explained.Balancer));
    }

    [Fact]
    public async Task Path_ABalancedCluster_EachMemberHasItsTurnWithAnUnlistedName()
    {
        await using var house = new ClusterHouse(ClusterHouse.Balanced(BalancerKind.RoundRobin), Taker("x"), Taker("y"));
        await house.ReadyAsync();

        Assert.Equal(["x", "y", "x", "y"], new[] { await house.CallAsync("c_n"), await house.CallAsync("c_n"), await house.CallAsync("c_n"), await house.CallAsync("c_n") });
    }

    [Fact]
    public async Task Path_AServerOfAnotherCluster_TakesNothingForIt()
    {
        var other = House.Server("other") with { Prefix = "c", Routes = [new RouteRule("*", RouteStrategy.Path, [])] };
        await using var house = new ClusterHouse(static m => m, Taker("x", 1), other);
        await house.ReadyAsync();
        house.House.Pool("x").Health.Fail("gone");

        Assert.Contains("Server 'x' failed too often", await house.CallAsync("c_unlisted"), StringComparison.Ordinal);
        Assert.False(house.Begun.ContainsKey("other"));
    }

    [Fact]
    public async Task Path_ANameWithWhatJsonEscapes_ArrivesAsItIs()
    {
        await using var house = new ClusterHouse(static m => m, Taker("x", 1), Taker("y", 2));
        await house.ReadyAsync();

        Assert.Equal("x", await house.CallAsync("""c_a\"\\\u00e9\n"""));
        var called = await house.Tiny["x"].ReceivedAsync("tools/call");
        Assert.Equal("a\"\\\u00e9\n", called.GetProperty("params").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Sticky_ClientsWithoutSessionThatCannotBeToldApart_AreSpread()
    {
        await using var house = new ClusterHouse(ClusterHouse.Balanced(BalancerKind.Sticky, "user"), ClusterHouse.Member("x"), ClusterHouse.Member("y"));
        await house.ReadyAsync();
        house.Does["x"] = house.Does["y"] = static (_, _) => Task.FromResult(true);
        for (var i = 1; i <= 8; i++)
        {
            // The argument that would keep them together is not among theirs.
            _ = house.House.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{\"n\":1}");
            await Patience.UntilAsync(() => house.Begun.Values.Sum() == i);
        }

        Assert.Equal((4, 4), (house.Begun["x"], house.Begun["y"]));
    }

    [Fact]
    public async Task Sticky_AClientWithALineOfItsOwn_Stays()
    {
        await using var house = new ClusterHouse(ClusterHouse.Balanced(BalancerKind.Sticky), ClusterHouse.Member("x"), ClusterHouse.Member("y"), ClusterHouse.Member("z"));
        await house.ReadyAsync();
        var used = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var answers = new HashSet<string>();
            for (var j = 0; j < 4; j++)
            {
                answers.Add(By(await house.House.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}", door: $"line {i}").End.Within(house.Time)));
            }

            used.UnionWith(answers);
            Assert.Single(answers);
        }

        Assert.True(used.Count > 1, "all lines went to one server");
    }

    [Fact]
    public async Task Nobody_EveryBreakerIsOpen_SaysWhenTheFirstLetsACallPass()
    {
        await using var house = new ClusterHouse(static m => m, Failing("x", 60), Failing("y", 20));
        await house.ReadyAsync();
        house.House.Pool("x").Health.Fail("gone");
        house.House.Pool("y").Health.Fail("gone");
        house.Time.Advance(TimeSpan.FromSeconds(5));

        var refused = await house.House.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}").End.Within();

        Assert.Equal(15_000, RetryAfter(refused));
        house.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("y", await house.CallAsync());
    }

    [Fact]
    public async Task Nobody_TheFirstThatLetsACallPassAskedForALongerPause_SaysThat()
    {
        await using var house = new ClusterHouse(static m => m, Failing("x", 60), Failing("y", 20));
        await house.ReadyAsync();
        house.House.Pool("x").Health.Fail("gone");
        house.House.Pool("y").Health.Fail("gone");
        house.House.Pool("y").Health.Rest(TimeSpan.FromSeconds(30));

        Assert.Equal(30_000, RetryAfter(await house.House.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}").End.Within()));
    }

    private static ServerModel Taker(string name, int priority = 10) =>
        ClusterHouse.Member(name, priority) with { Routes = [new RouteRule("*", RouteStrategy.Path, [])], Breaker = new BreakerModel { FailureThreshold = 1 } };

    private static ServerModel Failing(string name, int seconds) =>
        ClusterHouse.Member(name) with { Breaker = new BreakerModel { FailureThreshold = 1, Timeout = TimeSpan.FromSeconds(seconds) } };

    private static string By(string answer) => answer[(answer.IndexOf("\"by\":\"", StringComparison.Ordinal) + 6)..][..1];

    private static long RetryAfter(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("error").GetProperty("data").GetProperty("retryAfterMs").GetInt64();
    }
}
