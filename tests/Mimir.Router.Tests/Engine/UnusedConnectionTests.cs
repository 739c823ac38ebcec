using Mimir.Router.Model;

namespace Mimir.Router.Tests.Engine;

public sealed class UnusedConnectionTests
{
    private const string Peculiar = """{"experimental":{"a":{}}}""";

    [Fact]
    public async Task Sweep_NobodyOfAKindForMinutes_ItsSharedConnectionEnds()
    {
        var time = new ManualTime();
        await using var house = House.Of(new RouterModel(), time, ("x", TinyServer.With("a")));
        var session = await house.OpenAsync(Peculiar);
        await session.Call("tools/list").End.Within();
        var slot = Assert.Single(house.Pool("x").Slots, s => s.Profile == session.Profile);

        time.Advance(TimeSpan.FromMinutes(20));
        Assert.NotNull(slot.Live);
        house.Engine.Remove(session);
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.NotNull(slot.Live);
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.DoesNotContain(slot, house.Pool("x").Slots);
        Assert.Null(slot.Live);
    }

    [Fact]
    public async Task Sweep_AfterItsConnectionEnded_ANewClientOfTheKindIsServed()
    {
        var time = new ManualTime();
        await using var house = House.Of(new RouterModel(), time, ("x", TinyServer.With("a")));
        var gone = await house.OpenAsync(Peculiar);
        await gone.Call("tools/list").End.Within();
        house.Engine.Remove(gone);
        time.Advance(TimeSpan.FromMinutes(6));

        var session = await house.OpenAsync(Peculiar);

        Assert.Contains("\"x_a\"", await session.Call("tools/list").End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
    }
}
