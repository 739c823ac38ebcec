namespace Mimir.Router.Tests.Upstreams;

public sealed class RetirementTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task WhenIdle_ACallOutlivesItsConnection_EndsWithinItsTimeout()
    {
        await using var server = new TinyLegacy();
        var calls = 0;
        server.OnCall = (request, reply) => Interlocked.Increment(ref calls) == 2 ? Task.Delay(-1) : reply.AnswerAsync(request, """{"content":[]}""");
        await using var house = House.Behind(server.Http, _time);
        var session = await house.OpenAsync();
        await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time);
        var held = session.Call("tools/call", """{"name":"x_a"}""");
        await Patience.UntilAsync(() => Volatile.Read(ref calls) == 2);
        var from = _time.GetTimestamp();

        // Another server takes the place: the old one gets no handshake, and may finish what it began.
        server.IsModern = true;
        server.Expire();
        Assert.Contains("the modern one", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(_time), StringComparison.Ordinal);
        Assert.False(held.IsEnded);

        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return held.IsEnded;
        });
        Assert.Contains("-31002", await held.End.Within(), StringComparison.Ordinal);
        Assert.True(_time.GetTimestamp() - from >= house.Pool("x").Model.CallTimeout.Ticks);
        Assert.Equal(0, house.Pool("x").Health.Gate.Open);
    }
}
