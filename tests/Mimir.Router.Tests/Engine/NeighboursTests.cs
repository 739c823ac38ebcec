using Mimir.Router.Model;

namespace Mimir.Router.Tests.Engine;

/// <summary>Legacy and modern clients that declare nothing, at one legacy server.</summary>
public sealed class NeighboursTests
{
    private const string Log = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"hello"}}""";
    private const string Watching = "\"notifications\":{\"resourceSubscriptions\":[\"test://r\"]}";

    [Fact]
    public async Task Message_OfTheOnlyCallThatAskedForLogs_ReachesAModernClientThatDeclaresNothing()
    {
        var server = Held();
        await using var house = House.Of(("x", server));
        var call = Logging(house, "info");
        await server.ReceivedAsync("tools/call");

        await server.Wire.SendAsync(Log);

        Assert.Equal(Log, await call.NewsAsync());
    }

    [Fact]
    public async Task Message_OtherModernClientsHaveCallsOpen_ReachesNobody()
    {
        var server = Held();
        await using var house = House.Of(("x", server));
        var (one, other) = (Logging(house, "info"), Logging(house, null));
        await server.ReceivedAsync("tools/call");
        await server.ReceivedAsync("tools/call");

        await server.Wire.SendAsync(Log);
        await Patience.UntilAsync(() => house.Pool("x").State.Counts.Strays == 1);

        Assert.Empty(one.Related);
        Assert.Empty(other.Related);
    }

    [Fact]
    public async Task Message_AfterAModernClientCalled_ReachesTheLegacyOneAsBefore()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        await using var house = House.Of(("x", server));
        var session = await house.OpenAsync();
        await session.Call("tools/call", """{"name":"x_a"}""").End.Within();
        var wire = server.Wire;
        await house.Modern("tools/call", "\"name\":\"x_a\"").End.Within();

        await wire.SendAsync(Log);

        Assert.Equal(Log, await session.NewsAsync());
    }

    [Fact]
    public async Task Unsubscribe_OfALegacyClient_LeavesAModernListenerItsOwn()
    {
        var server = new TinyServer { SpeaksModern = false }.OfferRaw("resources/list", """{"resources":[{"uri":"test://r","name":"r"}]}""");
        await using var house = House.Of(("x", server));
        var listen = house.Modern("subscriptions/listen", Watching);
        Assert.Contains("test://r", await listen.NewsAsync(), StringComparison.Ordinal);
        var wire = server.Wire;

        var session = await house.OpenAsync();
        await session.Call("resources/subscribe", """{"uri":"test://r"}""").End.Within();
        var other = server.Wire;
        await session.Call("resources/unsubscribe", """{"uri":"test://r"}""").End.Within();

        // A server keeps subscriptions by connection.
        Assert.NotSame(wire, other);
        await wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://r"}}""");
        Assert.Contains("resources/updated", await listen.NewsAsync(), StringComparison.Ordinal);
        Assert.Empty(session.Waiting());
    }

    [Fact]
    public async Task Listen_LastModernListenerLeaves_TheLegacySubscriberStillHears()
    {
        var time = new ManualTime();
        var server = new TinyServer { SpeaksModern = false }.OfferRaw("resources/list", """{"resources":[{"uri":"test://r","name":"r"}]}""");
        await using var house = House.Of(new RouterModel(), time, ("x", server));
        var session = await house.OpenAsync();
        await session.Call("resources/subscribe", """{"uri":"test://r"}""").End.Within();
        var wire = server.Wire;
        var listen = house.Modern("subscriptions/listen", Watching);
        await listen.NewsAsync();

        listen.Withdraw("\"gone\""u8);
        time.Advance(TimeSpan.FromSeconds(11));
        await server.ReceivedAsync("resources/unsubscribe");

        Assert.NotSame(wire, server.Wire);
        await wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://r"}}""");
        Assert.Contains("resources/updated", await session.NewsAsync(), StringComparison.Ordinal);
    }

    private static TinyServer Held()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        server.Holds["tools/call"] = new TaskCompletionSource().Task;
        return server;
    }

    private static TestExchange Logging(House house, string? level) => house.Modern("tools/call", "\"name\":\"x_a\"", level: level);
}
