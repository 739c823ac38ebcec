using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.State;
using Mimir.Router.State.Health;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Resilience;

/// <summary>Calls that wait for room at a server, or for the server itself.</summary>
public sealed class WaitingTests
{
    private readonly ManualTime _time = new();

    private static BreakerModel Off => new() { IsEnabled = false };

    private static HealthModel Never => new() { IsEnabled = false };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Line_ACallThatMovedFromAnotherServer_IsTakenWhenAPlaceIsFree(bool xEnds)
    {
        var (gx, gy) = (new TaskCompletionSource(), new TaskCompletionSource());
        var begun = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        TinyServer Holding(string name, TaskCompletionSource until)
        {
            var tiny = TinyServer.With("a");
            tiny.On = async (message, _) =>
            {
                if (message.TryGetProperty("method", out var m) && m.GetString() == "tools/call")
                {
                    begun.AddOrUpdate(name, 1, static (_, n) => n + 1);
                    await until.Task;
                }

                return false;
            };
            return tiny;
        }

        var (one, two) = (Holding("x", gx), Holding("y", gy));
        await using var house = new ChildHouse(_time, static m => m with { Prefix = "c", Cluster = "c", MaxConcurrent = 1, Breaker = Off, Health = Never }, ("x", one), ("y", two));
        await ListedAsync(house.Inner);
        _time.Advance(TimeSpan.FromMinutes(1));
        var calls = new List<TestExchange>();
        for (var i = 0; i < 3; i++)
        {
            calls.Add(house.Inner.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}"));
        }

        await Patience.UntilAsync(() => begun.GetValueOrDefault("x") == 1 && begun.GetValueOrDefault("y") == 1);
        var (x, y) = (house.Inner.Pool("x").Health.Gate, house.Inner.Pool("y").Health.Gate);
        Assert.Equal((1, 1, 1, 0), (x.Open, x.Waiting, y.Open, y.Waiting));
        if (xEnds)
        {
            // x ends and cannot be started again; what stands in its line moves to y.
            house.Connector.Failure = new ConnectFailure("x is gone for good");
            await one.Wire.CloseAsync();
            Assert.Contains("was lost", await calls[0].End.Within(), StringComparison.Ordinal);
            await Patience.UntilAsync(() =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(10));
                return y.Waiting == 1;
            });
        }
        else
        {
            gx.SetResult();
        }

        gy.SetResult();
        await calls[1].End.Within();
        Assert.Contains("\"result\"", await calls[2].End.Within(_time), StringComparison.Ordinal);
        await Patience.UntilAsync(() => (x.Open, x.Waiting, y.Open, y.Waiting) == (0, 0, 0, 0));
    }

    /// <summary>A call that stands in line at a member of a cluster knows the others as they were when it came.</summary>
    [Theory]
    [InlineData("x", "y")]
    [InlineData("x")]
    public async Task Line_MembersAreRunAnew_ThoseInTheirPlaceTakeTheCall(params string[] anew)
    {
        ServerModel[] members = [ClusterHouse.Member("x") with { MaxConcurrent = 1 }, ClusterHouse.Member("y") with { MaxConcurrent = 1 }];
        await using var house = new ClusterHouse(static m => m, members);
        await house.ReadyAsync();
        var done = members.ToDictionary(m => m.Name, _ => new TaskCompletionSource(), StringComparer.Ordinal);
        foreach (var (name, until) in done) house.Does[name] = async (_, _) => { await until.Task; return false; };
        TestExchange Call() => house.House.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}");
        TestExchange[] calls = [Call(), Call(), Call()];
        await Patience.UntilAsync(() => house.Begun.Count == 2);
        var former = members.ToDictionary(m => m.Name, m => house.House.Pool(m.Name), StringComparer.Ordinal);
        await Patience.UntilAsync(() => former["x"].Health.Gate.Waiting == 1);

        // Those that stay go on with what they have.
        foreach (var name in anew) house.Does.TryRemove(name, out _);
        house.House.Engine.Apply(house.House.Engine.Model with
        {
            Servers = [.. members.Select(m => anew.Contains(m.Name, StringComparer.Ordinal) ? m with { StartupTimeout = TimeSpan.FromSeconds(29) } : m)],
        });
        foreach (var name in anew) done[name].SetResult();

        await Patience.UntilAsync(() =>
        {
            house.Time.Advance(TimeSpan.FromMilliseconds(10));
            return calls.Count(c => c.IsEnded) == 1 + anew.Length;
        });
        foreach (var call in calls.Where(c => c.IsEnded)) Assert.Contains("\"by\"", await call.End, StringComparison.Ordinal);
        Assert.Equal(2 + 1, house.Begun.Values.Sum());
        foreach (var name in anew) Assert.NotSame(former[name], house.House.Pool(name));
        foreach (var until in done.Values) until.TrySetResult();
    }

    [Fact]
    public async Task Line_AnotherMemberIsRunAnewAndItsOwnEnds_TheOneInThePlaceOfThatTakesTheCall()
    {
        var (gone, done, begun) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var servers = new[] { "x", "y" }.ToDictionary(n => n, _ => TinyServer.With("a"), StringComparer.Ordinal);
        foreach (var (name, server) in servers)
        {
            server.On = async (message, _) =>
            {
                if (message.TryGetProperty("method", out var m) && m.ValueEquals("tools/call"))
                {
                    Interlocked.Increment(ref begun);
                    await (name == "x" ? gone : done).Task;
                }

                return false;
            };
        }

        await using var house = new ChildHouse(
            _time, static m => m with { Prefix = "c", Cluster = "c", MaxConcurrent = 1, Breaker = Off, Health = Never }, ("x", servers["x"]), ("y", servers["y"]));
        await ListedAsync(house.Inner);
        _time.Advance(TimeSpan.FromMinutes(1));
        TestExchange[] calls = [.. Enumerable.Range(0, 3).Select(_ => house.Inner.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}"))];
        var (x, y) = (house.Inner.Pool("x"), house.Inner.Pool("y"));
        await Patience.UntilAsync(() => Volatile.Read(ref begun) == 2 && x.Health.Gate.Waiting == 1);

        var model = house.Inner.Engine.Model;
        house.Inner.Engine.Apply(model with { Servers = [model.Servers[0], model.Servers[1] with { StartupTimeout = TimeSpan.FromSeconds(29) }] });
        Assert.NotSame(y, house.Inner.Pool("y"));
        await ListedAsync(house.Inner);
        house.Connector.Failure = new ConnectFailure("x is gone for good");
        await servers["x"].Wire.CloseAsync();
        Assert.Contains("was lost", await calls[0].End.Within(), StringComparison.Ordinal);
        done.SetResult();

        Assert.Contains("\"result\"", await calls[1].End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"result\"", await calls[2].End.Within(_time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxQueuedZero_AClusterWithNothingOpen_TakesCalls()
    {
        await using var house = new ClusterHouse(static m => m, ClusterHouse.Member("x") with { MaxQueued = 0 }, ClusterHouse.Member("y") with { MaxQueued = 0 });
        await house.ReadyAsync();
        Assert.Equal("x", await house.CallAsync());
    }

    [Fact]
    public async Task MaxQueuedOne_BurstAtAClusterWithRoom_IsTaken()
    {
        await using var house = new ClusterHouse(static m => m, ClusterHouse.Member("x") with { MaxQueued = 1 }, ClusterHouse.Member("y") with { MaxQueued = 1 });
        await house.ReadyAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => Task.Run(() => house.House.Modern("tools/call", "\"name\":\"c_a\",\"arguments\":{}").End))).Within();
        var refused = all.Count(a => a.Contains("\"error\"", StringComparison.Ordinal));
        Assert.True(refused == 0, $"{refused} of {all.Length} refused with maxConcurrent 32768: {all.FirstOrDefault(a => a.Contains("\"error\"", StringComparison.Ordinal))}");
    }

    [Fact]
    public async Task Queue_AClientThatLeft_HoldsNoPlaceInLine()
    {
        await using var house = new ClusterHouse(static m => m, House.Server("x") with { MaxConcurrent = 1, MaxQueued = 1 });
        await house.ReadyAsync();
        var done = new TaskCompletionSource();
        house.Does["x"] = async (_, _) => { await done.Task; return false; };
        _ = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}");
        await Patience.UntilAsync(() => house.Begun.GetValueOrDefault("x") == 1);
        var left = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}");
        left.Withdraw(default);
        await left.End.Within();
        await Patience.UntilAsync(() => house.House.Pool("x").Health.Gate.Waiting == 0);
        var third = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}");
        done.SetResult();
        Assert.Contains("\"result\"", await third.End.Within(house.Time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AClientThatLeft_HoldsNoPlace()
    {
        var server = TinyServer.With("a");
        var done = new TaskCompletionSource();
        await using var house = new ChildHouse(_time, static m => m with { MaxConcurrent = 1, MaxQueued = 0, Breaker = Off, Health = Never }, ("x", server));
        Assert.Contains("\"heard\"", await house.CallAsync("x").Within(_time), StringComparison.Ordinal);
        server.Holds["server/discover"] = done.Task;
        await server.Wire.CloseAsync();
        await Patience.UntilAsync(() => house["x"].Status == UpstreamStatus.Backoff);
        _time.Advance(TimeSpan.FromMinutes(1));
        var gate = house.Inner.Pool("x").Health.Gate;
        var left = house.Inner.Modern("tools/call", "\"name\":\"a\"", "x");
        await Patience.UntilAsync(() => house["x"].Status == UpstreamStatus.Starting);
        Assert.Equal(1, gate.Waiting);

        left.Withdraw(default);

        await Patience.UntilAsync(() => gate.Waiting == 0);
        var next = house.CallAsync("x");
        done.SetResult();
        Assert.Contains("\"heard\"", await next.Within(_time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Again_AClientThatLeavesInThePauseBeforeIt_HoldsNoPlace()
    {
        await using var house = new ClusterHouse(
            static m => m with { Retry = m.Retry with { FirstBackoff = TimeSpan.FromSeconds(8), MaxBackoff = TimeSpan.FromSeconds(10) } },
            House.Server("x") with { Resend = Resending.Idempotent, Idempotent = ["a"] });
        await house.ReadyAsync();
        house.Does["x"] = static async (_, wire) => { await wire.CloseAsync(); return true; };
        var left = house.House.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}");
        var gate = house.House.Pool("x").Health.Gate;
        await Patience.UntilAsync(() => left.Resends == 1 && (gate.Open, gate.Waiting) == (0, 1));

        left.Withdraw(default);

        await Patience.UntilAsync(() => gate.Waiting == 0);
    }

    private async Task ListedAsync(House house)
    {
        await UntilAsync(house.ModernListsAsync());

        // On a busy machine the list is given before both have shown theirs.
        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return house.Pool("x").State.Tools > 0 && house.Pool("y").State.Tools > 0;
        });
    }

    private Task UntilAsync(Task task) => Patience.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return task.IsCompleted;
    });
}
