using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Upstreams.Lifecycle;

/// <summary>Servers that speak the modern era alone, met by legacy clients: nothing obliges them to refuse <c>initialize</c> in any certain way.</summary>
public sealed class ModernOnlyTests
{
    private const string Call = """{"name":"x_a","arguments":{} }""";
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(-32600)]
    [InlineData(-32603)]
    [InlineData(-32000)]
    public async Task LegacyCall_InitializeIsRefused_IsAnsweredOverModern(int code)
    {
        var server = Refusing((message, wire) => wire.FailAsync(message, code));
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        Assert.Contains("\"heard\":\"a\"", await (await house.OpenAsync()).Call("tools/call", Call).End.Within(), StringComparison.Ordinal);
        Assert.Equal(Era.Modern, house.Pool("x").EraFor(Era.Legacy));
    }

    [Fact]
    public async Task LegacyCall_ServerEndsAtInitialize_IsAnsweredOverModern()
    {
        var server = Refusing((_, wire) => wire.CloseAsync());
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        Assert.Contains("\"heard\":\"a\"", await (await house.OpenAsync()).Call("tools/call", Call).End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LegacyCall_InitializeIsAnsweredWithAModernRevision_IsAnsweredOverModern()
    {
        var server = Refusing((message, wire) => wire.AnswerAsync(message, """{"protocolVersion":"2026-07-28","capabilities":{},"serverInfo":{"name":"t","version":"1"} }"""));
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        Assert.Contains("\"heard\":\"a\"", await (await house.OpenAsync()).Call("tools/call", Call).End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LegacyCall_ServerIsSilentToInitialize_IsAnsweredOverModernAfterItsStartupTimeout()
    {
        var server = Refusing((_, _) => Task.CompletedTask);
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        var opening = house.Pool("x").OpenAsync(house.Pool("x").Legacy(ClientProfile.Plain, null), house.Pool("x").Modern());
        await server.ReceivedAsync("initialize");
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(Era.Modern, (await opening.Within()).Era);
    }

    [Fact]
    public async Task LegacyCall_ServerNeedsLongToStart_IsAskedNothingElse()
    {
        var server = TinyServer.With("a");
        var start = new TaskCompletionSource();
        server.Holds["initialize"] = start.Task;
        await using var house = House.Of(new RouterModel(), _time, ("x", server));

        var opening = house.Pool("x").OpenAsync(house.Pool("x").Legacy(ClientProfile.Plain, null), house.Pool("x").Modern());
        Assert.Equal("initialize", (await server.ReceivedAsync()).GetProperty("method").GetString());
        _time.Advance(TimeSpan.FromSeconds(29));
        start.SetResult();

        Assert.Equal(Era.Legacy, (await opening.Within()).Era);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task LegacyCall_LegacyServerIsBrokenForAMoment_NothingIsConcluded()
    {
        var broken = true;
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        server.On = async (message, wire) =>
        {
            if (!broken || message.GetProperty("method").GetString() != "initialize")
            {
                return false;
            }

            await wire.FailAsync(message, -32603);
            return true;
        };
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        var session = await house.OpenAsync();

        var answer = await session.Call("tools/call", Call).End.Within();
        Assert.Contains("refused initialize", answer, StringComparison.Ordinal);
        Assert.Contains("Asked with server/discover instead", answer, StringComparison.Ordinal);
        Assert.Equal(UpstreamStatus.Backoff, house.Pool("x").State.Status);

        broken = false;
        _time.Advance(TimeSpan.FromMilliseconds(201));
        Assert.Contains("\"heard\":\"a\"", await session.Call("tools/call", Call).End.Within(), StringComparison.Ordinal);
        Assert.Equal(Era.Legacy, house.Pool("x").EraFor(Era.Legacy));
    }

    [Fact]
    public async Task LegacyCall_ServerSpeaksLegacyWithOthers_OneBrokenStartSaysNothingOfTheEra()
    {
        var server = TinyServer.With("a");
        await using var house = House.Of(new RouterModel(), _time, ("x", server));
        await (await house.OpenAsync()).Call("tools/list").End.Within();
        server.On = async (message, wire) =>
        {
            if (message.GetProperty("method").GetString() != "initialize")
            {
                return false;
            }

            await wire.CloseAsync();
            return true;
        };

        var other = await house.OpenAsync("""{"sampling":{}}""");
        Assert.Contains("error", await other.Call("tools/call", Call).End.Within(), StringComparison.Ordinal);

        Assert.Equal(Era.Legacy, house.Pool("x").EraFor(Era.Legacy));
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(405, "")]
    [InlineData(400, "")]
    [InlineData(400, "missing header Mcp-Method")]
    [InlineData(400, "-32600")]
    [InlineData(200, "-32603")]
    public async Task LegacyCall_InitializeIsRefusedOverHttp_IsAnsweredOverModern(int status, string said)
    {
        await using var http = Http((request, reply) => reply.SendAsync(
            status, said.StartsWith('-') ? $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":{{{said}}},"message":"v"} }""" : said));
        await using var house = House.Behind(http, _time);

        Assert.Contains("\"content\"", await (await house.OpenAsync()).Call("tools/call", Call).End.Within(), StringComparison.Ordinal);
        Assert.Contains("initialize", http.Requests.First().Method, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LegacyCall_ServerRefusesInitializeAndIsSilentToAGet_IsAnsweredOverModern()
    {
        await using var http = Http((request, reply) => request.Http == "GET" ? reply.LeftAsync() : reply.SendAsync(404), getToo: true);
        await using var house = House.Behind(http, _time);

        var opening = house.Pool("x").OpenAsync(house.Pool("x").Legacy(ClientProfile.Plain, null), house.Pool("x").Modern());
        await Patience.UntilAsync(() => http.Count("GET") == 1);
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(Era.Modern, (await opening.Within()).Era);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task LegacyCall_InitializeMeetsAGuardOrAnOutage_SaysNothingOfTheEra(int status)
    {
        await using var http = Http((_, reply) => reply.SendAsync(status));
        await using var house = House.Behind(http, _time);

        var answer = await (await house.OpenAsync()).Call("tools/call", Call).End.Within();

        Assert.Contains($"HTTP {status}", answer, StringComparison.Ordinal);
        Assert.Equal(0, http.Count("POST", "server/discover"));
    }

    [Fact]
    public async Task LegacyCall_NothingIsFoundOverHttp_EachTryIsTold()
    {
        await using var http = new TinyHttp((request, reply) => reply.SendAsync(request.Http == "GET" ? 405 : 404));
        await using var house = House.Behind(http, _time);

        var answer = await (await house.OpenAsync()).Call("tools/call", Call).End.Within();

        Assert.Matches(
            @"^Server 'x' answered with HTTP 404 Status \(is the URL right\?\)\. Tried next, over HTTP\+SSE: .*no event stream at its URL: HTTP 405.*"
            + "Asked with server/discover instead: .*HTTP 404",
            house.Pool("x").State.LastError);
        Assert.Contains("Asked with server/discover instead", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_AProxyKnewNothingOfTheServerYet_ItIsFoundWhenItIsThere(bool modern)
    {
        var away = true;
        await using var http = Http((_, reply) => reply.SendAsync(404), () => away);
        await using var house = House.Behind(http, _time);
        var session = await house.OpenAsync();
        TestExchange Ask() => modern ? house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}") : session.Call("tools/call", Call);
        Assert.Contains("HTTP 404", await Ask().End.Within(), StringComparison.Ordinal);

        away = false;
        _time.Advance(TimeSpan.FromSeconds(6));
        var call = Ask();
        await Patience.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            return call.IsEnded;
        });

        Assert.Contains("\"content\"", await call.End, StringComparison.Ordinal);
    }

    private static TinyServer Refusing(Func<System.Text.Json.JsonElement, TinyWire, Task> refuse)
    {
        var server = TinyServer.With("a");
        server.On = async (message, wire) =>
        {
            if (message.GetProperty("method").GetString() != "initialize")
            {
                return false;
            }

            await refuse(message, wire);
            return true;
        };
        return server;
    }

    private static TinyHttp Http(Func<TinyRequest, TinyReply, Task> refuse, Func<bool>? isAway = null, bool getToo = false) => new((request, reply) => request switch
    {
        { Http: "GET" } when getToo => refuse(request, reply),
        _ when isAway?.Invoke() == true => reply.SendAsync(404),
        { Method: "initialize" } => refuse(request, reply),
        { Method: "server/discover" } => reply.AnswerAsync(request, """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{} } }"""),
        { Method: "tools/list" } => reply.AnswerAsync(request, $$"""{"resultType":"complete","tools":[{{TinyServer.Tool("a")}}]}"""),
        { Method: "tools/call" } => reply.AnswerAsync(request, """{"resultType":"complete","content":[]}"""),
        _ => reply.SendAsync(405),
    });
}
