using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Web;

namespace Mimir.Router.Tests.Upstreams.Web;

public sealed class EventStreamConnectionTests
{
    private const string Askable = """{"elicitation":{} }""";

    [Fact]
    public async Task Call_NoConnectionForItsPost_IsSentAgain()
    {
        await using var server = new TinySse();
        await using var house = House.Behind(server.Http);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        var live = Assert.IsType<EventStreamConnection>(session.Catalog!.SlotOf(house.Pool("x")).Live);

        server.Http.Refuse();
        var call = session.Call("tools/call", """{"name":"x_a"}""");
        await Patience.UntilAsync(() => call.Resends > 0 || call.IsEnded);
        server.Http.Return();

        Assert.Contains("\"result\"", await call.End.Within(), StringComparison.Ordinal);
        Assert.True(live.IsOpen);
        Assert.Equal(1, server.Http.Count("POST", "tools/call"));
    }

    [Fact]
    public async Task Open_ServerFreezesAtTheEndOfTheHandshake_FailsWithinItsStartupTimeout()
    {
        var arrived = new TaskCompletionSource();
        await using var server = new TinySse
        {
            OnPost = (request, reply) =>
            {
                if (request.Method != "notifications/initialized")
                {
                    return null;
                }

                arrived.TrySetResult();
                return reply.LeftAsync();
            },
        };
        var time = new ManualTime();
        await using var house = House.Behind(server.Http, time);
        var pool = house.Pool("x");

        var opening = house.Engine.ModernCatalog(house.Engine.All).OpenAsync(pool);
        await arrived.Task.Within();
        await Patience.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return opening.IsCompleted;
        });

        Assert.Contains("did not finish its handshake within 30 s", (await Assert.ThrowsAsync<ConnectFailure>(() => opening)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_OfAServerThatTurnedOutToBeHttpSse_FirstOnesThatAskDoNotHoldEachOtherUp()
    {
        var open = new ConcurrentQueue<string>();
        await using var server = new TinySse();
        server.OnCall = (message, stream) =>
        {
            var name = message.GetProperty("params").GetProperty("name").GetString()!;
            open.Enqueue(name);
            return stream.SendAsync(
                "{\"jsonrpc\":\"2.0\",\"id\":\"of " + name + "\",\"method\":\"elicitation/create\",\"params\":{\"message\":\"of " + name
                + "\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}");
        };
        var time = new ManualTime();
        await using var house = House.Behind(server.Http, time);
        await house.Modern("tools/list", capabilities: Askable).End.Within();

        var calls = new[] { "a", "b" }.Select(n => (Name: n, Call: house.Modern("tools/call", "\"name\":\"x_" + n + "\",\"arguments\":{}", capabilities: Askable, door: "http", id: n == "a" ? "1" : "2"))).ToList();
        await Patience.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return calls.TrueForAll(c => c.Call.IsEnded);
        });

        foreach (var (name, call) in calls)
        {
            var result = JsonElement.Parse(await call.End).GetProperty("result");
            Assert.Equal("input_required", result.GetProperty("resultType").GetString());
            Assert.Contains("of " + name, result.GetProperty("inputRequests").GetRawText(), StringComparison.Ordinal);
        }

        Assert.Equal(2, open.Count);
    }

    [Fact]
    public async Task Close_APostIsOpenAtTheServer_IsBrokenOffThereAndItsCallerIsTold()
    {
        var (arrived, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = new TinySse { OnPost = (request, reply) => request.Method == "tools/call" ? HangAsync(reply) : null };
        await using var house = House.Behind(server.Http);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        var live = session.Catalog!.SlotOf(house.Pool("x")).Live!;
        var call = session.Call("tools/call", """{"name":"x_a"}""");
        await arrived.Task.Within();

        live.Close("the test says so");

        Assert.Contains("the test says so", await call.End.Within(), StringComparison.Ordinal);
        await left.Task.Within();

        async Task HangAsync(TinyReply reply)
        {
            arrived.SetResult();
            await reply.LeftAsync();
            left.SetResult();
        }
    }

    [Fact]
    public async Task Cancel_ServerHangs_NeitherItsCallNorTheNoticeKeepAConnection()
    {
        var arrived = new ConcurrentDictionary<string, bool>();
        var left = new ConcurrentDictionary<string, bool>();
        await using var server = new TinySse
        {
            OnPost = (request, reply) => request.Method is "tools/call" or "notifications/cancelled" ? HangAsync(request.Method, reply) : null,
        };
        var time = new ManualTime();
        await using var house = House.Behind(server.Http, time);
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();

        _ = session.Call("tools/call", """{"name":"x_a"}""", id: "7");
        await Patience.UntilAsync(() => arrived.ContainsKey("tools/call"));
        session.Notify("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""");
        await Patience.UntilAsync(() => left.ContainsKey("tools/call") && arrived.ContainsKey("notifications/cancelled"));
        Assert.False(left.ContainsKey("notifications/cancelled"));
        time.Advance(TimeSpan.FromSeconds(31));

        await Patience.UntilAsync(() => left.ContainsKey("notifications/cancelled"));

        async Task HangAsync(string method, TinyReply reply)
        {
            arrived[method] = true;
            await reply.LeftAsync();
            left[method] = true;
        }
    }
}
