using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Upstreams.Lifecycle;

/// <summary>What becomes of servers that end, cannot be started, are not used, or are told to stop.</summary>
public sealed class PoolLifeTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Call_FirstOne_StartsTheServer()
    {
        await using var house = Of(TinyServer.With("a"));

        Assert.Contains("\"heard\":\"a\"", await house.CallAsync("x").Within(), StringComparison.Ordinal);

        Assert.Equal("starting ready", house.Path("x"));
        Assert.Equal(1, house["x"].Generation);
    }

    [Fact]
    public async Task Server_EndsByItself_BacksOffAndIsStartedByTheNextCall()
    {
        var server = TinyServer.With("a");
        await using var house = Of(server);
        await house.CallAsync("x").Within();
        _time.Advance(TimeSpan.FromMinutes(1));

        await server.Wire.CloseAsync();
        await Patience.UntilAsync(() => house["x"].Status == UpstreamStatus.Backoff);
        Assert.Equal("it closed its output", house["x"].Life.History[^1].Reason);

        Assert.Contains("\"heard\":\"a\"", await house.CallAsync("x").Within(_time), StringComparison.Ordinal);
        Assert.Equal("starting ready backoff starting ready", house.Path("x"));
        Assert.Equal(2, house["x"].Life.History[^1].Generation);
    }

    [Fact]
    public async Task Server_EndsWhileAClientIsThere_IsStartedAgainByItself()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        await using var house = Of(server);
        var session = await house.Inner.OpenAsync();
        await session.Call("tools/call", "{\"name\":\"x_a\"}").End.Within(_time);
        _time.Advance(TimeSpan.FromMinutes(1));
        var generation = house["x"].Generation;

        await server.Wire.CloseAsync();

        await UntilAsync(() => house["x"].Generation > generation && house["x"].Status == UpstreamStatus.Ready);
    }

    [Fact]
    public async Task Server_EndsForOneClient_IsStartedForNoOther()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        await using var house = Of(server);
        var user = await house.Inner.OpenAsync("""{"roots":{}}""");
        await house.Inner.OpenAsync("""{"roots":{}}""");
        await user.Call("tools/call", "{\"name\":\"x_a\"}").End.Within(_time);
        var generation = house["x"].Generation;
        _time.Advance(TimeSpan.FromMinutes(1));

        await server.Wire.CloseAsync();
        await UntilAsync(() => house["x"].Generation > generation);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(generation + 1, house["x"].Generation);
    }

    [Fact]
    public async Task Server_NeverStarts_FailsAndIsTriedNowAndThenUntilItDoes()
    {
        await using var house = Of(TinyServer.With("a"));
        house.Connector.Failure = new ConnectFailure("Server 'x': out of luck.");
        var session = await house.Inner.OpenAsync();

        await session.Call("tools/list").End.Within(_time);
        await UntilAsync(() => house["x"].Status == UpstreamStatus.Failed);
        var answer = await house.CallAsync("x").Within();
        Assert.Contains("has failed and is tried again in", answer, StringComparison.Ordinal);
        Assert.Contains("out of luck", answer, StringComparison.Ordinal);
        Assert.InRange(house.Connector.Starts, 5, 8);

        house.Connector.Failure = null;
        await UntilAsync(() => house["x"].Status == UpstreamStatus.Ready);
        Assert.Contains("x_a", await session.Call("tools/list").End.Within(_time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_CannotBeStartedAtAll_FailsAtOnce()
    {
        await using var house = Of(TinyServer.With("a"));
        house.Connector.Failure = new ConnectFailure("There is no such program.") { CannotStart = true };

        Assert.Contains("no such program", await house.CallAsync("x").Within(), StringComparison.Ordinal);

        Assert.Equal("starting failed", house.Path("x"));
        Assert.Equal(1, house.Connector.Starts);
    }

    [Fact]
    public async Task Server_NoRoomToStartIt_IsTriedEverySecondAndNeverGivenUp()
    {
        await using var house = Of(TinyServer.With("a"));
        house.Connector.Failure = new ConnectFailure("No more processes may be started.") { MayPass = true };
        for (var i = 1; i <= 20; i++)
        {
            Assert.Contains("No more processes", await house.CallAsync("x").Within(), StringComparison.Ordinal);
            Assert.Equal(UpstreamStatus.Backoff, house["x"].Status);
            Assert.Equal(i, house.Connector.Starts);
            _time.Advance(TimeSpan.FromMilliseconds(1_201));
        }

        house.Connector.Failure = null;
        Assert.Contains("\"heard\":\"a\"", await house.CallAsync("x").Within(), StringComparison.Ordinal);
        Assert.True(house.Inner.Pool("x").Health.IsWell);
    }

    [Fact]
    public async Task Server_NobodyUsesIt_HibernatesWithItsToolsListedAndWakesAlone()
    {
        var (one, two) = (TinyServer.With("a"), TinyServer.With("a"));
        await using var house = new ChildHouse(_time, Idle, ("x", one), ("y", two));
        var session = await house.Inner.OpenAsync("""{"roots":{}}""");
        var before = await session.Call("tools/list").End.Within(_time);
        Assert.Contains("x_a", before, StringComparison.Ordinal);
        Assert.Contains("y_a", before, StringComparison.Ordinal);

        await UntilAsync(() => house["x"].Status == UpstreamStatus.Hibernated && house["y"].Status == UpstreamStatus.Hibernated);
        var starts = house.Connector.Starts;

        // A client of the same kind that comes now is shown them without a start.
        var other = await house.Inner.OpenAsync("""{"roots":{}}""");
        Assert.Equal(before, await other.Call("tools/list").End.Within(_time));
        Assert.Equal(starts, house.Connector.Starts);

        Assert.Contains("\"heard\":\"a\"", await other.Call("tools/call", "{\"name\":\"y_a\"}").End.Within(_time), StringComparison.Ordinal);
        Assert.Equal((UpstreamStatus.Hibernated, UpstreamStatus.Ready), (house["x"].Status, house["y"].Status));
        Assert.Equal(starts + 1, house.Connector.Starts);
    }

    [Fact]
    public async Task Server_ACallIsOpen_DoesNotHibernate()
    {
        var server = TinyServer.With("a");
        var held = new TaskCompletionSource();
        await using var house = new ChildHouse(_time, Idle, ("x", server));
        await house.CallAsync("x").Within();
        server.Holds["tools/call"] = held.Task;
        var call = house.CallAsync("x");
        await server.ReceivedAsync("tools/call");

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(UpstreamStatus.Ready, house["x"].Status);
        held.SetResult();

        Assert.Contains("\"heard\":\"a\"", await call.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_AResourceIsSubscribedTo_DoesNotHibernate()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a").OfferRaw("resources/list", """{"resources":[{"uri":"a://b","name":"b"}]}""");
        await using var house = new ChildHouse(_time, Idle, ("x", server));
        var session = await house.Inner.OpenAsync();
        await session.Call("resources/list").End.Within(_time);
        await session.Call("resources/subscribe", "{\"uri\":\"a://b\"}").End.Within(_time);

        for (var i = 0; i < 60; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(UpstreamStatus.Ready, house["x"].Status);
    }

    [Fact]
    public async Task Autostart_RouterBegins_StartsItAndStartsItAgain()
    {
        var server = TinyServer.With("a");
        await using var house = new ChildHouse(_time, static m => m with { Autostart = true }, ("x", server));
        house.Inner.Engine.Begin();
        await UntilAsync(() => house["x"].Status == UpstreamStatus.Ready);

        await server.Wire.CloseAsync();

        await UntilAsync(() => house["x"] is { Status: UpstreamStatus.Ready, Generation: > 1 });
    }

    [Fact]
    public async Task Budget_IsUsedUp_TheNextServerIsRefusedUntilOneHasEnded()
    {
        var (one, two) = (TinyServer.With("a"), TinyServer.With("a"));
        await using var house = new ChildHouse(_time, new LimitsModel { MaxProcesses = 1 }, static m => m, ("x", one), ("y", two));
        await house.CallAsync("x").Within();

        var answer = await house.CallAsync("y").Within(_time);
        Assert.Contains("1 server processes run already (limits.maxProcesses)", answer, StringComparison.Ordinal);
        Assert.Equal(UpstreamStatus.Configured, house["y"].Status);

        await new RouterCommands(house.Inner.Engine).StopAsync("x").Within(_time);
        Assert.Contains("\"heard\":\"a\"", await house.CallAsync("y").Within(_time), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1L << 40, 1L << 41, "")]
    [InlineData(1, 100 << 20, 99 << 20, "")]
    [InlineData(1, 100 << 20, 120 << 20, "the processes of servers hold 120 MiB of memory already, and may hold 100 (limits.maxProcessMemory)")]
    [InlineData(0, 100 << 20, 0, "0 server processes run already (limits.maxProcesses)")]
    public void Budget_ProcessesAndMemory_SaysWhatIsUsedUp(int most, long mostBytes, long inUse, string objection)
    {
        var budget = new ProcessBudget(most, mostBytes, () => inUse);

        Assert.Equal(objection, budget.Objection ?? "");
        Assert.Equal(objection, budget.Take() ?? "");
    }

    [Fact]
    public async Task Stop_ACallIsOpen_DrainsItAndRefusesOthersUntilItIsStarted()
    {
        var server = TinyServer.With("a");
        var held = new TaskCompletionSource();
        await using var house = Of(server);
        var commands = new RouterCommands(house.Inner.Engine);
        await house.CallAsync("x").Within();
        server.Holds["tools/call"] = held.Task;
        var open = house.CallAsync("x");
        await server.ReceivedAsync("tools/call");
        await server.ReceivedAsync("tools/call");

        var stopping = commands.StopAsync("x");
        await Patience.UntilAsync(() => house["x"].Status == UpstreamStatus.Draining);
        Assert.Contains("was stopped", await house.CallAsync("x").Within(), StringComparison.Ordinal);
        held.SetResult();

        Assert.Contains("\"heard\":\"a\"", await open.Within(), StringComparison.Ordinal);
        Assert.True(await stopping.Within(_time));
        Assert.Equal(UpstreamStatus.Stopped, house["x"].Status);
        server.Holds.Clear();
        Assert.Contains("was stopped", await house.CallAsync("x").Within(), StringComparison.Ordinal);

        Assert.True(await commands.StartAsync("x").Within(_time));
        Assert.Contains("\"heard\":\"a\"", await house.CallAsync("x").Within(), StringComparison.Ordinal);
        Assert.Equal("starting ready draining stopped configured starting ready", house.Path("x"));
        Assert.False(await commands.StopAsync("nobody").Within());
    }

    [Fact]
    public async Task Start_WhileAStopWaitsForACall_IsNotUndoneByTheStop()
    {
        var server = TinyServer.With("a");
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var house = Of(server);
        var commands = new RouterCommands(house.Inner.Engine);
        await house.CallAsync("x").Within();
        await server.ReceivedAsync("tools/call");
        server.Holds["tools/call"] = first.Task;
        var old = house.CallAsync("x");
        await server.ReceivedAsync("tools/call");
        var stopping = commands.StopAsync("x");
        await Patience.UntilAsync(() => house["x"].Status == UpstreamStatus.Draining);

        Assert.True(await commands.StartAsync("x").Within(_time));
        server.Holds["tools/call"] = second.Task;
        var young = house.CallAsync("x");
        await server.ReceivedAsync("tools/call");
        _time.Advance(RouterCommands.Grace);

        Assert.True(await stopping.Within(_time));
        Assert.Contains("it was stopped", await old.Within(), StringComparison.Ordinal);
        Assert.Equal(UpstreamStatus.Ready, house["x"].Status);
        second.SetResult();
        Assert.Contains("\"heard\":\"a\"", await young.Within(), StringComparison.Ordinal);
        Assert.Equal(2, server.Connections);
        Assert.DoesNotContain("stopped", house.Path("x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quarantine_WhileItRuns_EndsItAndSaysWhy()
    {
        await using var house = Of(TinyServer.With("a"));
        var commands = new RouterCommands(house.Inner.Engine);
        await house.CallAsync("x").Within();
        var session = await house.Inner.OpenAsync();
        Assert.Contains("x_a", await session.Call("tools/list").End.Within(_time), StringComparison.Ordinal);

        await commands.QuarantineAsync("x", "its tools changed").Within(_time);

        Assert.Contains("is quarantined: its tools changed", await house.CallAsync("x").Within(), StringComparison.Ordinal);
        Assert.Equal("starting ready quarantined", house.Path("x"));
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}""", await session.Call("tools/list", id: "1").End.Within(_time));
        Assert.Contains("is quarantined", await session.Call("tools/call", "{\"name\":\"x_a\"}").End.Within(_time), StringComparison.Ordinal);
        Assert.Contains("notifications/tools/list_changed", string.Join('\n', session.Waiting()), StringComparison.Ordinal);

        await commands.StartAsync("x").Within(_time);
        Assert.Contains("x_a", await session.Call("tools/list").End.Within(_time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_WhileItFailed_StartsItNow()
    {
        await using var house = Of(TinyServer.With("a"));
        house.Connector.Failure = new ConnectFailure("There is no such program.") { CannotStart = true };
        await house.CallAsync("x").Within();
        house.Connector.Failure = null;

        await new RouterCommands(house.Inner.Engine).RestartAsync("x").Within(_time);

        Assert.Equal(UpstreamStatus.Ready, house["x"].Status);
    }

    [Fact]
    public async Task Server_WritesMuchThatIsNoMessage_IsDegradedUntilItStops()
    {
        var server = TinyServer.With("a");
        await using var house = Of(server);
        await house.CallAsync("x").Within();
        _time.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 100; i++)
        {
            await server.Wire.SendAsync("not a message");
        }

        await Patience.UntilAsync(() => house["x"].Counts.Garbage == 100);
        await UntilAsync(() => house["x"].Status == UpstreamStatus.Degraded);
        Assert.Contains("\"heard\":\"a\"", await house.CallAsync("x").Within(), StringComparison.Ordinal);
        await UntilAsync(() => house["x"].Status == UpstreamStatus.Ready);
    }

    private static ServerModel Idle(ServerModel model) => model with { IdleTimeout = TimeSpan.FromSeconds(10) };

    private ChildHouse Of(TinyServer server) => new(_time, static m => m, ("x", server));

    private Task UntilAsync(Func<bool> condition) => Patience.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    });
}
