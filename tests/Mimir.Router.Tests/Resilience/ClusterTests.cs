using System.Text;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.State.Health;

namespace Mimir.Router.Tests.Resilience;

public sealed class ClusterTests
{
    private static readonly Func<RouterModel, RouterModel> Plain = static model => model;

    [Fact]
    public async Task Lists_SeveralOfferTheSame_ShowItOnce()
    {
        await using var house = new ClusterHouse(Plain, Member("x"), Member("y"), House.Server("alone"));
        var merged = await house.ReadyAsync();

        Assert.Equal(["c_a", "c_b", "alone_a", "alone_b"], merged[ListKind.Tools].Routes.Select(r => r.Shown));
    }

    [Fact]
    public async Task RoundRobin_ThreeMembers_EachHasItsTurn()
    {
        await using var house = new ClusterHouse(ClusterHouse.Balanced(BalancerKind.RoundRobin), Member("x"), Member("y"), Member("z"));
        await house.ReadyAsync();

        Assert.Equal(["x", "y", "z", "x", "y", "z"], await house.CallsAsync(6));
    }

    [Fact]
    public async Task Priority_LowerNumber_IsFirst()
    {
        await using var house = new ClusterHouse(Plain, Member("x", 20), Member("y", 5), Member("z", 5));
        await house.ReadyAsync();

        Assert.Equal(["y", "y", "y"], await house.CallsAsync(3));
    }

    [Fact]
    public async Task RoundRobin_TwoPriorities_TheHigherNumberGetsNothingWhileALowerOneCan()
    {
        await using var house = new ClusterHouse(ClusterHouse.Balanced(BalancerKind.RoundRobin), Member("x", 20), Member("y", 5), Member("z", 5));
        await house.ReadyAsync();
        Assert.Equal(["y", "z", "y", "z"], await house.CallsAsync(4));

        house.House.Pool("y").Health.Checked("it is silent");
        house.House.Pool("z").Health.Checked("it is silent");
        Assert.Equal(["x", "x"], await house.CallsAsync(2));
    }

    [Theory]
    [InlineData(BalancerKind.LeastRequests)]
    [InlineData(BalancerKind.PowerOfTwo)]
    [InlineData(BalancerKind.Sticky)]
    public async Task FewestOpen_OneIsBusy_TheOtherGetsTheCalls(BalancerKind balancer)
    {
        await using var house = new ClusterHouse(ClusterHouse.Balanced(balancer), Member("x"), Member("y"));
        await house.ReadyAsync();
        house.Does["x"] = static (_, _) => Task.FromResult(true);
        while (house.House.Pool("x").Health.Gate.Open == 0)
        {
            _ = house.House.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}");
        }

        // Those that wait at y were answered.
        await Patience.UntilAsync(() => house.House.Pool("y").Health.Gate.Open == 0);
        Assert.Equal(["y", "y", "y", "y"], await house.CallsAsync(4));
    }

    [Fact]
    public async Task Sticky_ByArgument_EachValueStaysAtItsServerAndOthersDoNotMove()
    {
        await using var house = new ClusterHouse(ClusterHouse.Balanced(BalancerKind.Sticky, "user"), Member("x"), Member("y"), Member("z"));
        await house.ReadyAsync();
        var first = await Users();

        Assert.Equal(3, first.Distinct().Count());
        Assert.Equal(first, await Users());
        house.House.Pool("y").Health.Checked("it is silent");
        house.House.Pool("y").Health.Checked("it is silent");
        var then = await Users();
        Assert.DoesNotContain("y", then);
        Assert.All(first.Zip(then).Where(p => p.First != "y"), p => Assert.Equal(p.First, p.Second));

        async Task<List<string>> Users()
        {
            var all = new List<string>();
            for (var i = 0; i < 30; i++)
            {
                all.Add(await house.CallAsync(arguments: $$"""{"n":{{all.Count % 7}},"user":"u{{i}}"}"""));
            }

            return all;
        }
    }

    [Fact]
    public async Task Sticky_BySession_ASessionStays()
    {
        await using var house = new ClusterHouse(ClusterHouse.Balanced(BalancerKind.Sticky), Member("x"), Member("y"), Member("z"));
        await house.ReadyAsync();
        var used = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var session = await house.House.OpenAsync();
            var answers = new HashSet<string>();
            for (var j = 0; j < 4; j++)
            {
                var answer = await session.Call("tools/call", """{"name":"c_a","arguments":{}}""").End.Within(house.Time);
                answers.Add(answer[(answer.IndexOf("\"by\":\"", StringComparison.Ordinal) + 6)..][..1]);
            }

            used.UnionWith(answers);
            Assert.Single(answers);
        }

        Assert.True(used.Count > 1, "all sessions went to one server");
    }

    [Fact]
    public async Task Lost_BeforeAnythingRan_IsTakenByAnother()
    {
        await using var house = new ClusterHouse(Plain, Member("x", 1), Member("y", 2));
        await house.ReadyAsync();
        // Whoever connects to it again is not answered.
        house.Tiny["x"].On = static (_, _) => Task.FromResult(true);
        await house.Tiny["x"].Wire.CloseAsync();
        await Patience.UntilAsync(() => house.House.Pool("x").Slots.All(s => s.Live is null));

        Assert.Equal("y", await house.CallAsync());
    }

    [Fact]
    public async Task Lost_AfterItBegan_IsAnErrorUnlessItDoesNoHarm()
    {
        var dies = new Func<System.Text.Json.JsonElement, TinyWire, Task<bool>>(static async (_, wire) =>
        {
            await wire.CloseAsync();
            return true;
        });
        await using var careful = new ClusterHouse(Plain, Member("x", 1), Member("y", 2));
        await careful.ReadyAsync();
        careful.Does["x"] = dies;
        Assert.Contains("was lost before it answered", await careful.CallAsync(), StringComparison.Ordinal);
        Assert.False(careful.Begun.ContainsKey("y"));

        await using var vouched = new ClusterHouse(Plain, Vouched("x", 1), Vouched("y", 2));
        await vouched.ReadyAsync();
        vouched.Does["x"] = dies;
        Assert.Equal("y", await vouched.CallAsync());
        Assert.Equal(1, vouched.Begun["x"]);
    }

    [Fact]
    public async Task AttemptTimeout_ASilentMember_IsCancelledThereAndTakenByAnother()
    {
        await using var house = new ClusterHouse(
            Plain, Vouched("x", 1) with { AttemptTimeout = TimeSpan.FromSeconds(2) }, Vouched("y", 2) with { AttemptTimeout = TimeSpan.FromSeconds(2) });
        await house.ReadyAsync();
        house.Does["x"] = static (_, _) => Task.FromResult(true);

        Assert.Equal("y", await house.CallAsync());
        await house.Tiny["x"].ReceivedAsync("notifications/cancelled");
    }

    [Fact]
    public async Task Unhealthy_AMember_LeavesTheChoiceAndNotTheList()
    {
        await using var house = new ClusterHouse(Plain, Member("x", 1), Member("y", 2));
        await house.ReadyAsync();
        house.House.Pool("x").Health.Checked("it is silent");

        Assert.Equal("y", await house.CallAsync());
        Assert.Equal(["c_a", "c_b"], (await house.ReadyAsync())[ListKind.Tools].Routes.Select(r => r.Shown));
        Assert.Contains("did not answer", house.House.Pool("x").Health.Objection, StringComparison.Ordinal);

        // With nobody else left it is better than nobody.
        house.House.Pool("y").Health.Checked("it is silent");
        Assert.Equal("x", await house.CallAsync());
    }

    [Fact]
    public async Task HealthCheck_AFrozenMember_IsFoundOutAndItsHarmlessCallsMove()
    {
        var checks = new HealthModel { Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(1), FailureThreshold = 2 };
        await using var house = new ClusterHouse(Plain, Vouched("x", 1) with { Health = checks }, Vouched("y", 2));
        await house.ReadyAsync();
        house.Does["x"] = static (_, _) => Task.FromResult(true);
        var never = new TaskCompletionSource();
        house.Tiny["x"].Holds["server/discover"] = never.Task;

        Assert.Equal("y", await house.CallAsync());
        Assert.False(house.House.Pool("x").Health.IsWell);
        Assert.Equal("degraded", Router.State.UpstreamLife.Word(house.House.Pool("x").State.Status));
        Assert.NotNull(house.House.Pool("x").Modern().Live);

        // It wakes up.
        never.SetResult();
        house.Tiny["x"].Holds.Clear();
        house.Does.Clear();
        await Patience.UntilAsync(() =>
        {
            house.Time.Advance(TimeSpan.FromMilliseconds(100));
            return house.House.Pool("x").Health.IsWell;
        });
        Assert.Equal("x", await house.CallAsync());
        Assert.Equal("ready", Router.State.UpstreamLife.Word(house.House.Pool("x").State.Status));
    }

    [Fact]
    public async Task Breaker_OfAMember_SendsItsCallsElsewhereUntilItIsTried()
    {
        var breaker = new BreakerModel { FailureThreshold = 2, Timeout = TimeSpan.FromSeconds(60), HalfOpenAttempts = 1 };
        await using var house = new ClusterHouse(Plain, Vouched("x", 1) with { Breaker = breaker, AttemptTimeout = TimeSpan.FromSeconds(1) }, Vouched("y", 2));
        await house.ReadyAsync();
        house.Does["x"] = static (_, _) => Task.FromResult(true);
        Assert.Equal(["y", "y"], await house.CallsAsync(2));
        Assert.Equal(BreakerState.Open, house.House.Pool("x").Health.Breaker!.State);

        house.Does.Clear();
        Assert.Equal(["y", "y"], await house.CallsAsync(2));
        Assert.Equal(2, house.Begun["x"]);
        house.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["x", "x"], await house.CallsAsync(2));
        Assert.Equal(BreakerState.Closed, house.House.Pool("x").Health.Breaker!.State);
    }

    [Fact]
    public async Task Breaker_OfALoneServer_RefusesAtOnceAndSaysForHowLong()
    {
        var server = House.Server("x") with { CallTimeout = TimeSpan.FromSeconds(1), Breaker = new BreakerModel { FailureThreshold = 1, HalfOpenAttempts = 1 } };
        await using var house = new ClusterHouse(Plain, server);
        await house.ReadyAsync();
        house.Does["x"] = static (_, _) => Task.FromResult(true);
        Assert.Contains("did not answer within 1 s (callTimeout)", await house.CallAsync("x_a"), StringComparison.Ordinal);

        var refused = await house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}").End.Within();

        Assert.Contains("gets no calls for another", refused, StringComparison.Ordinal);
        Assert.Contains("\"retryable\":true,\"retryAfterMs\":", refused, StringComparison.Ordinal);
        Assert.Equal(1, house.Begun["x"]);
    }

    [Fact]
    public async Task Breaker_ToolErrorsAndErrors_AreAnswers()
    {
        var server = House.Server("x") with { Breaker = new BreakerModel { FailureThreshold = 1 } };
        await using var house = new ClusterHouse(Plain, server);
        await house.ReadyAsync();
        house.Does["x"] = static async (message, wire) =>
        {
            await wire.AnswerAsync(message, """{"resultType":"complete","content":[],"isError":true,"by":"x"}""");
            return true;
        };
        Assert.Equal("x", await house.CallAsync("x_a"));
        house.Does["x"] = static async (message, wire) =>
        {
            await wire.FailAsync(message, -32603);
            return true;
        };
        Assert.Equal("no", await house.CallAsync("x_a"));
        house.Does["x"] = static (_, _) => Task.FromResult(true);
        var left = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}");
        await Patience.UntilAsync(() => house.Begun["x"] == 3);
        left.Withdraw(default);

        Assert.Equal(BreakerState.Closed, house.House.Pool("x").Health.Breaker!.State);
        Assert.Equal(0, house.House.Pool("x").Health.Failures);
    }

    [Fact]
    public async Task Fallback_TheFirstIsGone_TheChainIsTakenInItsOrder()
    {
        await using var house = new ClusterHouse(
            Plain,
            House.Server("x") with { Routes = [new RouteRule("a", RouteStrategy.Fallback, ["y", "z"]), new RouteRule("*", RouteStrategy.Capability, [])], Breaker = Off, Health = Never },
            House.Server("y") with { Breaker = Off, Health = Never },
            House.Server("z") with { Breaker = Off, Health = Never });
        await house.ReadyAsync();
        Assert.Equal("x", await house.CallAsync("x_a"));

        house.House.Pool("x").Health.Checked("it is silent");
        Assert.Equal("y", await house.CallAsync("x_a"));
        house.House.Pool("y").Health.Checked("it is silent");
        Assert.Equal("z", await house.CallAsync("x_a"));
        // What has no fallback stays where it is.
        Assert.Equal("x", await house.CallAsync("x_b"));
    }

    [Fact]
    public async Task Routes_NoPatternMatches_TheNameIsNotTakenAndSaidSo()
    {
        await using var house = new ClusterHouse(Plain, House.Server("x") with { Routes = [new RouteRule("a*", RouteStrategy.Path, [])] });
        var merged = await house.ReadyAsync();

        Assert.Equal(["x_a"], merged[ListKind.Tools].Routes.Select(r => r.Shown));
        Assert.Contains(merged[ListKind.Tools].Hidden, h => h.Reason.Contains("'b' is not taken", StringComparison.Ordinal));
        Assert.Contains("Unknown tool", await house.CallAsync("x_b"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_ANameThatNobodyLists_IsSentToWhoTakesThePattern()
    {
        await using var house = new ClusterHouse(Plain, House.Server("x") with { Routes = [new RouteRule("a*", RouteStrategy.Path, [])] });
        await house.ReadyAsync();

        Assert.Equal("x", await house.CallAsync("x_anything"));
        var called = await house.Tiny["x"].ReceivedAsync("tools/call");
        Assert.Equal("anything", called.GetProperty("params").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Queue_AsManyOpenAsMay_TheNextWaitsAndOneMoreIsRefusedAtOnce()
    {
        await using var house = new ClusterHouse(Plain, House.Server("x") with { MaxConcurrent = 2, MaxQueued = 1 });
        await house.ReadyAsync();
        var gate = new TaskCompletionSource();
        house.Does["x"] = async (_, _) =>
        {
            await gate.Task;
            return false;
        };
        var calls = Enumerable.Range(0, 3).Select(_ => house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}")).ToList();
        await Patience.UntilAsync(() => house.Begun.GetValueOrDefault("x") == 2);

        var refused = await house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}").End.Within();

        Assert.Contains("maxConcurrent", refused, StringComparison.Ordinal);
        Assert.Contains("\"retryable\":true", refused, StringComparison.Ordinal);
        gate.SetResult();
        Assert.All(await Task.WhenAll(calls.Select(c => c.End)).Within(), answer => Assert.Contains("\"by\":\"x\"", answer, StringComparison.Ordinal));
        Assert.Equal("x", await house.CallAsync("x_a"));
        Assert.Equal((0, 0), (house.House.Pool("x").Health.Gate.Open, house.House.Pool("x").Health.Gate.Waiting));
    }

    [Fact]
    public async Task Explain_AClusterWithAFallback_SaysWhoTakesItAndWhyOthersDoNot()
    {
        await using var house = new ClusterHouse(Plain, Member("x", 1), Member("y", 2), House.Server("other"));
        await house.ReadyAsync();
        house.House.Pool("x").Health.Checked("it is silent");
        var state = new Router.Engine.RouterState(house.House.Engine);

        var explained = state.Explain("c_a");

        Assert.Equal(("tool", "c", "priority"), (explained.Kind, explained.Cluster, explained.Balancer));
        Assert.Equal([("x", false), ("y", true), ("other", false)], explained.Candidates.Select(c => (c.Server, c.IsTaken)));
        Assert.NotEmpty(explained.Candidates[0].Objection);
        Assert.Empty(explained.Candidates[1].Objection);
        Assert.Equal("", state.Explain("c_unknown").Kind);
    }

    [Fact]
    public void Tag_MembersOfOneCluster_HaveDifferentOnes()
    {
        Assert.NotEqual(Member("x").Tag, Member("y").Tag);
        Assert.Equal("x", House.Server("x").Tag);
        Assert.True(Encoding.UTF8.GetByteCount(Member(new string('n', 64)).Tag) < 80);
    }

    private static BreakerModel Off => new() { IsEnabled = false };

    private static HealthModel Never => new() { IsEnabled = false };

    private static ServerModel Member(string name, int priority = 10) => ClusterHouse.Member(name, priority);

    private static ServerModel Vouched(string name, int priority) => Member(name, priority) with { Resend = Resending.Idempotent, Idempotent = ["*"] };
}
