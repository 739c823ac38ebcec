using Mimir.Router.Model;

namespace Mimir.Router.Tests.Resilience;

/// <summary>Calls for servers that take their time to start: their own time holds all the same, and so do the server's bounds.</summary>
public sealed class SlowStartTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_ServerIsNotReadyWithinItsTime_EndsInTimeAndNeverRuns(bool isKnown)
    {
        var server = Slow(out var go, isKnown);
        var heard = 0;
        server.On = (message, _) =>
        {
            heard += message.GetProperty("method").ValueEquals("tools/call") ? 1 : 0;
            return Task.FromResult(false);
        };
        await using var house = Of(server, m => m with { CallTimeout = Short });
        if (isKnown)
        {
            await SleepAsync(house, server, go.Task);
        }

        var call = house.Modern("tools/call", "\"name\":\"x_a\"");

        Assert.Contains("was not ready within 0.4 s", await call.End.Within(), StringComparison.Ordinal);
        go.SetResult();
        await Patience.UntilAsync(() => house.Pool("x").Slots.Any(s => s.Live is not null));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(0, heard);
    }

    [Fact]
    public async Task Calls_WhileAServerStarts_AreOpenNoMoreAtATimeThanItMayHave()
    {
        var server = Slow(out var go, isKnown: true);
        await using var house = Of(server, m => m with { MaxConcurrent = 1, MaxQueued = 10 });
        await SleepAsync(house, server, go.Task);
        var most = 0;
        var open = 0;
        server.On = async (message, _) =>
        {
            if (message.GetProperty("method").ValueEquals("tools/call"))
            {
                most = Math.Max(most, Interlocked.Increment(ref open));
                await Task.Delay(20);
                Interlocked.Decrement(ref open);
            }

            return false;
        };

        var calls = Enumerable.Range(0, 5).Select(_ => house.Modern("tools/call", "\"name\":\"x_a\"")).ToList();
        await Patience.UntilAsync(() => house.Pool("x").Health.Gate.Waiting == 5);
        go.SetResult();

        foreach (var call in calls)
        {
            Assert.Contains("\"result\"", await call.End.Within(), StringComparison.Ordinal);
        }

        Assert.Equal(1, most);
        Assert.Equal((0, 0), (house.Pool("x").Health.Gate.Open, house.Pool("x").Health.Gate.Waiting));
    }

    [Fact]
    public async Task Calls_ToAServerThatHasNeverListed_WaitNoMoreThanMayAndTheRestAreRefusedAtOnce()
    {
        var server = Slow(out var go, isKnown: false);
        await using var house = Of(server, m => m with { MaxConcurrent = 1, MaxQueued = 2 });

        var calls = Enumerable.Range(0, 20).Select(_ => house.Modern("tools/call", "\"name\":\"x_a\"")).ToList();
        await Patience.UntilAsync(() => calls.Count(c => c.End.IsCompleted) == 17);

        Assert.All(calls.Where(c => c.End.IsCompleted), c => Assert.Contains("-31004", c.End.Result, StringComparison.Ordinal));
        go.SetResult();
        foreach (var call in calls)
        {
            await call.End.Within();
        }

        Assert.Equal(0, house.Pool("x").Health.Gate.Waiting);
    }

    private static TinyServer Slow(out TaskCompletionSource go, bool isKnown)
    {
        go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = TinyServer.With("a");
        if (!isKnown)
        {
            server.Holds["server/discover"] = server.Holds["initialize"] = go.Task;
        }

        return server;
    }

    /// <summary>It has listed, and has to be started again.</summary>
    private static async Task SleepAsync(House house, TinyServer server, Task until)
    {
        await house.ModernListsAsync();
        server.Holds["server/discover"] = server.Holds["initialize"] = until;
        await Task.WhenAll(house.Pool("x").Slots.First(static s => s.Live is not null).Retire().Select(static c => c.Gone.Task)).Within();
    }

    private static House Of(TinyServer server, Func<ServerModel, ServerModel> change) => new(
        new RouterModel { Servers = [change(House.Server("x"))] }, new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = server });
}
