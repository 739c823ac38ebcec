using Mimir.Router.Model;

namespace Mimir.Router.Tests.Engine;

public sealed class ListenTests
{
    private const string Own = "file:///ü\\u002f1";

    [Theory]
    [InlineData(
        """{"uri":"file:///ü\u002f1","n":1.0,"_meta":{"io.modelcontextprotocol/subscriptionId":ID,"traceparent":"00-ab"}}""",
        """{"uri":"file:///ü\u002f1","n":1.0,"_meta":{"io.modelcontextprotocol/subscriptionId":"mine","traceparent":"00-ab"}}""")]
    [InlineData("""{"uri":"file:///ü\u002f1" , "x":"\/"}""", """{"_meta":{"io.modelcontextprotocol/subscriptionId":"mine"},"uri":"file:///ü\u002f1" , "x":"\/"}""")]
    [InlineData("""{"uri":"file:///ü\u002f1","_meta":{ }}""", """{"uri":"file:///ü\u002f1","_meta":{"io.modelcontextprotocol/subscriptionId":"mine" }}""")]
    [InlineData(
        """{"uri":"file:///ü\u002f1","_meta":{"a":1}}""", """{"uri":"file:///ü\u002f1","_meta":{"io.modelcontextprotocol/subscriptionId":"mine","a":1}}""")]
    public async Task ResourceUpdated_WatchedResource_ReachesTheClientInItsOwnBytes(string sent, string seen)
    {
        var (server, subscription) = Listening();
        await using var house = House.Of(("x", server), ("y", TinyServer.With("b")));
        await house.ModernListsAsync();
        var listen = house.Modern("subscriptions/listen", """
            "notifications":{"resourceSubscriptions":["file:///ü/1"]}
            """, id: "\"mine\"");
        Assert.Contains("acknowledged", await listen.NewsAsync(), StringComparison.Ordinal);

        await server.Wire.SendAsync($$"""{"method":"notifications/resources/updated","params":{{sent.Replace("ID", subscription(), StringComparison.Ordinal)}},"jsonrpc":"2.0"}""");

        Assert.Equal($$"""{"method":"notifications/resources/updated","params":{{seen}},"jsonrpc":"2.0"}""", await listen.NewsAsync());
    }

    [Fact]
    public async Task ResourceUpdated_ShownUnderAnotherUri_NamesThatAndNothingElseChanges()
    {
        var (server, subscription) = Listening();
        await using var house = House.Of(("y", Offering()), ("x", server));
        await house.ModernListsAsync();
        var listen = house.Modern("subscriptions/listen", """
            "notifications":{"resourceSubscriptions":["mimir://x/file:///ü/1"]}
            """, id: "\"mine\"");
        Assert.Contains("acknowledged", await listen.NewsAsync(), StringComparison.Ordinal);

        await server.Wire.SendAsync(
            $$$"""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"{{{Own}}}","n":1.0,"_meta":{"io.modelcontextprotocol/subscriptionId":{{{subscription()}}} } } }""");

        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"mimir://x/file:///ü/1","n":1.0,"_meta":{"io.modelcontextprotocol/subscriptionId":"mine" } } }""",
            await listen.NewsAsync());
    }

    [Theory]
    [InlineData("""{"elicitation":{}}""")]
    [InlineData("""{"experimental":{"a":{}}}""")]
    public async Task Listen_ClientThatSendsNothingElseForMinutes_StillHearsOfChanges(string capabilities)
    {
        var time = new ManualTime();
        var server = new TinyServer { SpeaksModern = false, Capabilities = """{"tools":{"listChanged":true}}""" }.Offer("a");
        await using var house = House.Of(new RouterModel(), time, ("x", server));
        await house.Modern("tools/list", capabilities: capabilities).End.Within();
        var listen = house.Modern("subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true}", capabilities: capabilities);
        await listen.NewsAsync();

        time.Advance(TimeSpan.FromMinutes(6));
        server.Offer("a", "b");
        await house.Modern("tools/list", capabilities: capabilities).End.Within();
        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");

        Assert.Contains("tools/list_changed", await listen.NewsAsync(), StringComparison.Ordinal);
    }

    private static TinyServer Offering() => TinyServer.With("a").OfferRaw("resources/list", """{"resources":[{"uri":"file:///ü/1","name":"n"}]}""");

    /// <summary>A server that acknowledges; and what names the router's newest stream there.</summary>
    private static (TinyServer Server, Func<string> Subscription) Listening()
    {
        var server = Offering();
        var newest = "";
        server.On = async (message, wire) =>
        {
            if (!message.GetProperty("method").ValueEquals("subscriptions/listen"))
            {
                return false;
            }

            newest = message.GetProperty("id").GetRawText();
            await wire.SendAsync(
                $$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{},"_meta":{"io.modelcontextprotocol/subscriptionId":{{{newest}}} } } }""");
            return true;
        };
        return (server, () => newest);
    }
}
