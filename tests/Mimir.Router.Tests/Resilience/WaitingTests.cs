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
        await UntilAsync(house.Inner.ModernListsAsync());

        // On a busy machine the list is given before both have shown theirs.
        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return house.Inner.Pool("x").State.Tools > 0 && house.Inner.Pool("y").State.Tools > 0;
        });
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

    private Task UntilAsync(Task task) => Patience.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return task.IsCompleted;
    });
}
