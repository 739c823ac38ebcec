using Mimir.Router.Model.Routing;
using Mimir.Router.State.Health;

namespace Mimir.Router.Tests.Resilience;

/// <summary>Calls that may try a server whose breaker was open, and what becomes of their places.</summary>
public sealed class TrialTests
{
    private static readonly TimeSpan s_open = TimeSpan.FromSeconds(60);
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"sampling\":{}}")]
    public async Task HalfOpen_TrialThatIsRefusedBeforeItIsSent_GivesItsPlaceBack(string capabilities)
    {
        await using var house = Of();
        var breaker = await OpenAsync(house);

        // What the client says it goes on with was never begun here, which shows once it is to be sent.
        var refused = await house.Modern("tools/call", "\"name\":\"a\",\"requestState\":\"nobody's\"", "x", capabilities: capabilities).End.Within(_time);
        Assert.Contains("requestState", refused, StringComparison.Ordinal);
        Assert.Equal(BreakerState.HalfOpen, breaker.State);

        Assert.Contains("heard", await CallAsync(house), StringComparison.Ordinal);
        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    [Fact]
    public async Task HalfOpen_TrialThatIsOpen_KeepsItsPlaceUntilItEnds()
    {
        var answer = new TaskCompletionSource();
        var server = TinyServer.With("a");
        await using var house = Of(server);
        var breaker = await OpenAsync(house);
        server.Holds["tools/call"] = answer.Task;

        var trial = house.Modern("tools/call", "\"name\":\"a\"", "x").End;
        await Patience.UntilAsync(() => house.Pool("x").Health.Gate.Open == 1);
        Assert.Contains("is just being tried", await CallAsync(house), StringComparison.Ordinal);
        answer.SetResult();

        Assert.Contains("heard", await trial.Within(_time), StringComparison.Ordinal);
        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    private static House Of(TinyServer server, ManualTime time)
    {
        var model = House.Server("x") with { Breaker = new BreakerModel { FailureThreshold = 1, Timeout = s_open, HalfOpenAttempts = 1 } };
        return new House(new() { Servers = [model] }, new Dictionary<string, TinyServer> { ["x"] = server }, time);
    }

    private House Of(TinyServer? server = null) => Of(server ?? new TinyServer { SpeaksModern = false }.Offer("a"), _time);

    private Task<string> CallAsync(House house) => house.Modern("tools/call", "\"name\":\"a\"", "x").End.Within(_time);

    /// <summary>Opens the connection, then the breaker, and waits until somebody may try.</summary>
    private async Task<CircuitBreaker> OpenAsync(House house)
    {
        Assert.Contains("heard", await CallAsync(house), StringComparison.Ordinal);
        var breaker = house.Pool("x").Health.Breaker!;
        breaker.Ended(breaker.Epoch, CallEnd.Failed);
        Assert.Equal(BreakerState.Open, breaker.State);
        _time.Advance(s_open);
        return breaker;
    }
}
