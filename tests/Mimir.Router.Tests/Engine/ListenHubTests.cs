using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Router.Model;

namespace Mimir.Router.Tests.Engine;

/// <summary>The router's own listening at modern servers, on which all that their clients are told depends.</summary>
public sealed class ListenHubTests
{
    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<JsonElement> _listens = new();

    [Fact]
    public async Task Listen_ServerEndsTheStream_IsOpenedAgainAndWhatWasMissedIsFetched()
    {
        var server = TinyServer.With("a");
        server.On = AcknowledgeAsync;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        var client = await ListenAsync(house);

        server.Offer("a", "b");
        await server.Wire.AnswerAsync(_listens.Last(), """{"resultType":"complete"}""");
        await AdvanceUntilAsync(() => _listens.Count == 2);

        Assert.Contains("tools/list_changed", await client.NewsAsync(), StringComparison.Ordinal);
        Assert.Contains("x_b", await house.Modern("tools/list").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_ServerEndsTheStreamAtOnceAgainAndAgain_IsAskedLessAndLess()
    {
        var server = TinyServer.With("a");
        server.On = async (message, wire) =>
        {
            var mine = await AcknowledgeAsync(message, wire);
            if (mine)
            {
                await wire.AnswerAsync(message, """{"resultType":"complete"}""");
            }

            return mine;
        };
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        await ListenAsync(house);

        for (var i = 0; i < 600; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1);
        }

        Assert.InRange(_listens.Count, 5, 20);
    }

    [Fact]
    public async Task Listen_ServerRefuses_IsNotAskedAgain()
    {
        var server = TinyServer.With("a");
        server.On = async (message, wire) =>
        {
            if (message.GetProperty("method").GetString() != "subscriptions/listen")
            {
                return false;
            }

            _listens.Enqueue(message);
            await wire.FailAsync(message, -32601);
            return true;
        };
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        await house.ModernListsAsync();
        await Patience.UntilAsync(() => _listens.Count == 1);

        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.Single(_listens);
    }

    [Fact]
    public async Task Listen_ServerBehindUrlRestarts_IsHeardAgainThoughNobodyCalls()
    {
        var tools = 1;
        var streams = new ConcurrentQueue<TinyReply>();
        await using var http = new TinyHttp(async (request, reply) =>
        {
            switch (request.Method)
            {
                case "server/discover":
                    await reply.AnswerAsync(request, """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}}}""");
                    break;
                case "tools/list":
                    await reply.AnswerAsync(request, $$"""{"resultType":"complete","tools":[{{TinyServer.Tool("t" + Volatile.Read(ref tools))}}]}""");
                    break;
                case "subscriptions/listen":
                    await reply.StartEventsAsync();
                    await reply.EventAsync(Acknowledgement(request.Id));
                    streams.Enqueue(reply);
                    await Task.Delay(Timeout.Infinite);
                    break;
                default:
                    await reply.SendAsync(404);
                    break;
            }
        });
        await using var house = House.Behind(http, _time);
        var client = await ListenAsync(house);
        await Patience.UntilAsync(() => streams.Count == 1);

        // A call in between finds nobody, and takes the connection along.
        http.Refuse();
        http.Break();
        var call = house.Modern("tools/call", "\"name\":\"x_t1\"");
        await AdvanceUntilAsync(() => house.Pool("x").Modern().Live is null);
        Volatile.Write(ref tools, 2);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1);
        }

        Assert.Contains("\"error\"", await call.End.Within(), StringComparison.Ordinal);
        http.Return();
        await AdvanceUntilAsync(() => streams.Count == 2);

        Assert.Contains("tools/list_changed", await client.NewsAsync(), StringComparison.Ordinal);
    }

    private static string Acknowledgement(string id) =>
        $$$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{},"_meta":{"io.modelcontextprotocol/subscriptionId":{{{{id}}}}}}}""";

    private async Task<bool> AcknowledgeAsync(JsonElement message, TinyWire wire)
    {
        if (message.GetProperty("method").GetString() != "subscriptions/listen")
        {
            return false;
        }

        await wire.SendAsync(Acknowledgement(message.GetProperty("id").GetRawText()));
        _listens.Enqueue(message);
        return true;
    }

    /// <summary>A client that has seen the lists and listens to their changes.</summary>
    private async Task<TestExchange> ListenAsync(House house)
    {
        await house.ModernListsAsync();
        await house.Modern("tools/list").End.Within();
        var client = house.Modern("subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true}", id: "\"mine\"");
        await AdvanceUntilAsync(() => !client.Related.IsEmpty);
        Assert.Contains("acknowledged", await client.NewsAsync(), StringComparison.Ordinal);
        return client;
    }

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (!condition())
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(2, limit.Token);
        }
    }
}
