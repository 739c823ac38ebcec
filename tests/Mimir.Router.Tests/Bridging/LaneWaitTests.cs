using Mimir.Router.Bridging;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Bridging;

/// <summary>Calls of modern clients that wait for a connection to a legacy server: not beyond their time, and not for nobody.</summary>
public sealed class LaneWaitTests
{
    private const string Asking = """{"elicitation":{}}""";
    private readonly ManualTime _time = new();
    private readonly TinyServer _server = new TinyServer { SpeaksModern = false }.Offer("a");

    [Fact]
    public async Task EnterAsync_TheTimeLeftIsShort_IsNotWaitedBeyondIt()
    {
        var lanes = Busy();

        var late = lanes.EnterAsync(false, TimeSpan.FromMilliseconds(1_300), _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 35; i++)
        {
            // Who looks at the clock again needs a moment for that.
            await Task.Delay(5);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Null(await late.Within());
    }

    [Fact]
    public async Task EnterAsync_TheClientHasLeft_LeavesTheLineAtOnce()
    {
        var lanes = Busy();
        using var gone = new CancellationTokenSource();
        var left = lanes.EnterAsync(false, TimeSpan.FromMinutes(5), _time, gone.Token);
        var next = lanes.EnterAsync(false, TimeSpan.FromMinutes(5), _time, CancellationToken.None);

        await gone.CancelAsync();

        Assert.Null(await left.Within());
        lanes.Leave(2);
        Assert.Equal(2, await next.Within());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_ItsLaneHangsInItsHandshake_EndsInItsTimeOrWithItsClient(bool leaves)
    {
        await using var house = Of(TimeSpan.FromSeconds(5));
        await CallAsync(house).Within(_time);
        house.Pool("x").Habits.AsksUnattributed = true;
        _server.Holds["tools/call"] = new TaskCompletionSource().Task;
        _server.Holds["initialize"] = new TaskCompletionSource().Task;
        _ = CallAsync(house);
        await _server.ReceivedAsync("tools/call");

        var call = house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}", capabilities: Asking, door: "http");
        await _server.ReceivedAsync("initialize");
        if (leaves)
        {
            call.Withdraw(default);
            await call.End.Within();
        }
        else
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            Assert.False(call.IsEnded);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains("was not ready within 5 s", await call.End.Within(), StringComparison.Ordinal);
        }

        // Its lane is another's.
        var slot = house.Pool("x").Slots.Single(s => s.Owner is null or Router.Upstreams.Lifecycle.BridgeLane && s.Live is not null);
        var lanes = house.Engine.Bridge.LanesOf(slot)!;
        await Patience.UntilAsync(() => lanes.TryEnter(shares: false, strict: true, out var lane) && lane == 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_ItsLogLevelIsNotConfirmed_EndsInItsTimeOrWithItsClient(bool leaves)
    {
        await using var house = Of(TimeSpan.FromSeconds(2));
        await CallAsync(house).Within(_time);
        _server.Holds["logging/setLevel"] = new TaskCompletionSource().Task;

        var call = house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}", capabilities: Asking, door: "http", level: "debug");
        await _server.ReceivedAsync("logging/setLevel");
        if (leaves)
        {
            call.Withdraw(default);
            await call.End.Within();
        }
        else
        {
            var from = _time.GetTimestamp();
            Assert.Contains("was not ready within 2 s", await call.End.Within(_time), StringComparison.Ordinal);
            Assert.InRange(TimeSpan.FromTicks(_time.GetTimestamp() - from).TotalSeconds, 1.9, 2.5);
        }

        // Its lane is another's.
        var slot = house.Pool("x").Slots.Single(s => s.Owner is null or Router.Upstreams.Lifecycle.BridgeLane && s.Live is not null);
        var lanes = house.Engine.Bridge.LanesOf(slot)!;
        await Patience.UntilAsync(() => lanes.TryEnter(shares: false, strict: true, out var lane) && lane == 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Subscribe_AModernServerHangsInItsHandshake_EndsInItsTimeOrWithItsClient(bool leaves)
    {
        var server = new TinyServer { SpeaksLegacy = false }.OfferRaw("resources/list", """{"resources":[{"uri":"a://b","name":"b"}]}""");
        await using var house = House.Of(
            new RouterModel(), _time, ("x", server));
        house.Engine.Apply(new RouterModel { Servers = [House.Server("x") with { CallTimeout = TimeSpan.FromSeconds(5) }] });
        var session = await house.OpenAsync();
        await session.Call("resources/list").End.Within(_time);
        server.Holds["server/discover"] = new TaskCompletionSource().Task;
        await server.Wire.CloseAsync();
        await Patience.UntilAsync(() => house.Pool("x").Slots.All(s => s.Live is null));

        // Beyond the pause after the loss, and not beyond the startup timeout of whoever connects to it again by then.
        _time.Advance(TimeSpan.FromSeconds(2));
        while (server.ReceivedAsync() is { IsCompletedSuccessfully: true })
        {
        }

        var call = session.Call("resources/subscribe", "{\"uri\":\"a://b\"}");
        var gate = house.Pool("x").Health.Gate;
        await Patience.UntilAsync(() => gate.Waiting == 1);
        if (leaves)
        {
            call.Withdraw(default);
            await Patience.UntilAsync(() => gate.Waiting == 0);
        }
        else
        {
            Assert.Contains("was not ready within 5 s", await call.End.Within(_time), StringComparison.Ordinal);
            await Patience.UntilAsync(() => gate.Waiting == 0);
        }
    }

    private static LaneSet Busy()
    {
        var lanes = new LaneSet();
        lanes.Harden();
        for (var i = 0; i < LaneSet.MostBusy; i++)
        {
            Assert.True(lanes.TryEnter(shares: false, strict: true, out _));
        }

        return lanes;
    }

    private static Task<string> CallAsync(House house) =>
        house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}", capabilities: Asking, door: "http").End;

    private House Of(TimeSpan callTimeout) => new(
        new RouterModel { Servers = [House.Server("x") with { CallTimeout = callTimeout }] }, new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = _server }, _time);
}
