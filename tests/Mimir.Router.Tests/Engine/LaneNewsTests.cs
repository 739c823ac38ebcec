using System.Collections.Concurrent;
using System.Text.Json;

namespace Mimir.Router.Tests.Engine;

/// <summary>News that a server sends on a connection other than the first that its modern clients have there.</summary>
public sealed class LaneNewsTests
{
    private const string Caps = """{"elicitation":{}}""";
    private const string Question = """{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}}}}""";
    private readonly ConcurrentQueue<(JsonElement Message, TinyWire Wire)> _calls = new();
    private readonly ConcurrentQueue<(string Method, TinyWire Wire)> _subscriptions = new();

    [Fact]
    public async Task ListChanged_OnAnotherLane_TheListIsFetchedAnewAndTheListenerTold()
    {
        var server = Asking();
        await using var house = House.Of(("x", server));
        var (listen, wire) = await ListenBesideTwoLanesAsync(house);

        server.Offer("a", "b", "c");
        await wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");

        Assert.Contains("tools/list_changed", await listen.NewsAsync(), StringComparison.Ordinal);
        Assert.Contains("x_c", await house.Modern("tools/list", capabilities: Caps).End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResourceUpdated_OnAnotherLane_IsSubscribedToThereAndTold()
    {
        var server = Asking();
        await using var house = House.Of(("x", server));
        var (listen, wire) = await ListenBesideTwoLanesAsync(house);
        await Patience.UntilAsync(() => _subscriptions.Count == 2);

        await wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://r"}}""");

        Assert.Contains("test://r", await listen.NewsAsync(), StringComparison.Ordinal);
        Assert.Contains(_subscriptions, s => ReferenceEquals(s.Wire, wire));
    }

    [Fact]
    public async Task Listen_SeveralLanesAreOpen_SubscribesOnAll()
    {
        var server = Asking();
        await using var house = House.Of(("x", server));
        await ListenBesideTwoLanesAsync(house);
        await Patience.UntilAsync(() => _subscriptions.Count == 2);

        var other = house.Modern("subscriptions/listen", "\"notifications\":{\"resourceSubscriptions\":[\"test://other\"]}", view: "x", capabilities: Caps);
        await other.NewsAsync();
        await Patience.UntilAsync(() => _subscriptions.Count == 4);

        Assert.Equal(2, _subscriptions.Select(s => s.Wire).Distinct().Count());
    }

    [Fact]
    public async Task Open_AnotherLane_ItsListsAreNotFetched()
    {
        var lists = new ConcurrentQueue<TinyWire>();
        var server = Asking(lists);
        await using var house = House.Of(("x", server));
        var (_, wire) = await ListenBesideTwoLanesAsync(house);
        await Patience.UntilAsync(() => _subscriptions.Count == 2);

        Assert.DoesNotContain(wire, lists);
    }

    /// <summary>A listener; a call that waits for its client on the first lane, and one that is under way on the second.</summary>
    private async Task<(TestExchange Listen, TinyWire Second)> ListenBesideTwoLanesAsync(House house)
    {
        await house.Modern("tools/list", capabilities: Caps).End.Within();
        var listen = house.Modern(
            "subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"test://r\"]}", capabilities: Caps, id: "\"mine\"");
        await listen.NewsAsync();
        var one = house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}", capabilities: Caps, door: "http", id: "1");
        await Patience.UntilAsync(() => !_calls.IsEmpty);
        Assert.True(_calls.TryDequeue(out var first));
        await first.Wire.SendAsync(Question);
        await one.End.Within();
        house.Modern("tools/call", "\"name\":\"x_b\",\"arguments\":{}", capabilities: Caps, door: "http", id: "2");
        await Patience.UntilAsync(() => !_calls.IsEmpty);
        Assert.True(_calls.TryDequeue(out var second));
        Assert.NotSame(first.Wire, second.Wire);
        return (listen, second.Wire);
    }

    private TinyServer Asking(ConcurrentQueue<TinyWire>? lists = null)
    {
        var server = new TinyServer { SpeaksModern = false, Capabilities = """{"tools":{"listChanged":true},"resources":{"subscribe":true}}""" }
            .Offer("a", "b").OfferRaw("resources/list", """{"resources":[{"uri":"test://r","name":"r"}]}""");
        server.On = (message, wire) =>
        {
            switch (message.GetProperty("method").GetString())
            {
                case "tools/call":
                    _calls.Enqueue((message, wire));
                    return Task.FromResult(true);
                case "resources/subscribe" or "resources/unsubscribe":
                    _subscriptions.Enqueue((message.GetProperty("method").GetString()!, wire));
                    return Task.FromResult(false);
                case "tools/list":
                    lists?.Enqueue(wire);
                    return Task.FromResult(false);
                default:
                    return Task.FromResult(false);
            }
        };
        return server;
    }
}
