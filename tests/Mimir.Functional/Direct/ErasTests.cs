using Mimir.Functional.Clients;
using Mimir.Functional.Eras;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Direct;

/// <summary>The servers of one revision refuse what it does not know: what is not translated does not pass for translated.</summary>
public sealed class ErasTests
{
    private const string Accept = "application/json, text/event-stream";

    /// <summary>The revisions with sessions.</summary>
    public static TheoryData<string> Legacy => [.. EraRevision.Legacy];

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Legacy))]
    public async Task Legacy_OnPipes_RefusesWhatIsModern(string revision)
    {
        await using var pipe = ErasPipe.Start(revision, modern: false, "{}");
        var client = pipe.Client;

        Assert.Equal(-32600, (await client.AskAsync("tools/list")).Code);
        Assert.NotNull((await client.RequestAsync("\"probe\"", "server/discover", Envelope.Params())).Code);
        var opened = await client.InitializeAsync("1999-01-01");

        Assert.Equal(revision, opened.Result.At("protocolVersion").Str());
        Assert.NotNull((await client.AskAsync("initialize", Handshake.Members(revision, "{}"))).Code);
        foreach (var key in (string[])["protocolVersion", "clientCapabilities", "clientInfo", "logLevel"])
            await RefusedAsync(client, -32602, "tools/list", $"\"_meta\":{{\"io.modelcontextprotocol/{key}\":{{}}}}");
        await RefusedAsync(client, -32602, "tools/call", "\"name\":\"echo\",\"arguments\":{},\"inputResponses\":{}");
        await RefusedAsync(client, -32602, "tools/call", "\"name\":\"echo\",\"arguments\":{},\"requestState\":\"s\"");
        foreach (var method in (string[])["server/discover", "subscriptions/listen", "tasks/update", "made/up"]) await RefusedAsync(client, -32601, method, "");
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Legacy))]
    public async Task Legacy_OnPipes_RefusesWhatIsLater(string revision)
    {
        await using var pipe = ErasPipe.Start(revision, modern: false, "{}");
        var client = pipe.Client;
        await client.InitializeAsync(revision);
        bool Has(string since) => string.CompareOrdinal(revision, since) >= 0;
        async Task KnownAsync(string since, Reply reply) =>
            Assert.True(Has(since) == reply.Code is null, $"{since}: {reply}, {await client.AskAsync("ping")}");

        await KnownAsync(EraRevision.R202506, await client.AskAsync(
            "completion/complete",
            "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"greet\"},\"argument\":{\"name\":\"name\",\"value\":\"\"},\"context\":{}"));
        await KnownAsync(EraRevision.R202511, await client.AskAsync("tasks/list"));
        await KnownAsync(EraRevision.R202511, await client.AskAsync("tools/call", "\"name\":\"echo\",\"arguments\":{\"text\":\"t\"},\"task\":{}"));
        await client.NotifyAsync("notifications/made/up");
        Verdict.Text("notifications/made/up", await client.CallAsync("violations"));
        Verdict.Text("none", await client.CallAsync("violations"));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(EraRevision.R202503)]
    [InlineData(EraRevision.R202506)]
    [InlineData(EraRevision.R202511)]
    public async Task Legacy_OverHttp_IsStrictAboutSessions(string revision)
    {
        await using var server = await ErasHttp.StartAsync(revision);
        await using var client = new LegacyHttpClient(server.Url.ToString());
        await client.InitializeAsync(revision);
        const string list = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
        async Task<int> StatusAsync(string method, string? body, params (string, string?)[] headers) =>
            (await RawHttp.ExchangeAsync(method, client.Url, body, [("Accept", Accept), .. headers])).Status;

        Assert.Equal(200, (await client.AskAsync("tools/list")).Status);
        Assert.Equal(400, await StatusAsync("POST", list));
        Assert.Equal(404, await StatusAsync("POST", list, ("Mcp-Session-Id", "nobody"), ("MCP-Protocol-Version", revision)));
        Assert.Equal(404, await StatusAsync("GET", null, ("Mcp-Session-Id", "nobody"), ("MCP-Protocol-Version", revision)));
        var versioned = revision == EraRevision.R202503 ? 200 : 400;
        Assert.Equal(versioned, await StatusAsync("POST", list, ("Mcp-Session-Id", client.Session)));
        Assert.Equal(versioned, await StatusAsync("POST", list, ("Mcp-Session-Id", client.Session), ("MCP-Protocol-Version", "2024-11-05")));
        Assert.Equal(versioned, await StatusAsync("POST", $"[{list}]", client.SessionHeaders));
        (string, string?)[] halfAccepted = [.. client.SessionHeaders.Where(h => h.Name != "Accept"), ("Accept", "application/json")];
        Assert.Equal(400, (await RawHttp.ExchangeAsync("POST", client.Url, list, halfAccepted)).Status);
        Assert.Equal(204, (await client.DeleteAsync()).Status);
        Assert.Equal(404, await StatusAsync("POST", list, client.SessionHeaders));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Modern_OfEitherTransport_RefusesWhatIsLegacy(bool http)
    {
        await using var server = http ? await ErasHttp.StartAsync(EraRevision.R202607) : null;
        await using var pipe = http ? null : ErasPipe.Start(EraRevision.R202607, modern: true, "{}");
        RawClient client = http ? new ModernHttpClient(server!.Url.ToString()) : pipe!.Client;
        async Task RefusedByAsync(int code, int status, string method, string parameters)
        {
            var reply = await client.RequestAsync($"\"{Guid.NewGuid()}\"", method, parameters);
            Assert.Equal((code, http ? status : 0), (reply.Code, reply.Status));
        }

        await RefusedByAsync(-32022, 400, "initialize", $"{{{Handshake.Members(EraRevision.R202511, "{}")}}}");
        await RefusedByAsync(-32022, 400, "tools/list", Envelope.Params(revision: "2027-01-01"));
        await RefusedByAsync(-32602, 400, "tools/list", "{}");
        await RefusedByAsync(-32602, 400, "tools/list", "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}");
        await RefusedByAsync(-32602, 400, "tools/list", Envelope.Params(more: "\"io.modelcontextprotocol/logLevel\":\"loud\""));
        await RefusedByAsync(-32602, 400, "tools/call", Envelope.Params("\"name\":\"echo\",\"arguments\":{},\"task\":{}"));
        foreach (var method in (string[])["ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "tasks/list", "tasks/result"])
            await RefusedByAsync(-32601, 404, method, Envelope.Params());
    }

    [Fact(Timeout = 30_000)]
    public async Task Modern_OverHttp_WantsHeadersThatSayWhatTheBodySays()
    {
        await using var server = await ErasHttp.StartAsync(EraRevision.R202607);
        var url = server.Url.ToString();
        var parameters = Envelope.Params("\"name\":\"mirrored\",\"arguments\":{\"region\":\"north\"}");
        var call = $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{parameters}}}";
        (string Name, string? Value)[] right = [.. ModernHttpClient.Mirror(call), ("Mcp-Param-Region", "north")];

        Assert.Equal(200, (await RawHttp.ExchangeAsync("POST", url, call, right)).Status);
        foreach (var header in (string[])["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Param-Region"])
        {
            foreach (var value in (string?[])[null, "other"])
            {
                var reply = await RawHttp.ExchangeAsync("POST", url, call, [.. right.Where(h => h.Name != header), (header, value)]);
                Assert.Equal((400, -32020), (reply.Status, reply.Code));
            }
        }

        Assert.Equal(405, (await RawHttp.ExchangeAsync("GET", url, null, ("Accept", "text/event-stream"))).Status);
        Assert.Equal(400, (await RawHttp.ExchangeAsync("POST", url, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}", right)).Status);
        Assert.Equal(400, (await RawHttp.ExchangeAsync("POST", url, "[" + call + "]", right)).Status);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("\"requestState\":\"made up\"")]
    [InlineData("\"requestState\":STATE_")]
    [InlineData("\"arguments\":{\"other\":1}")]
    [InlineData("")]
    public async Task Modern_StateThatIsNotTheSame_IsRefused(string change)
    {
        await using var pipe = ErasPipe.Start(EraRevision.R202607, modern: true, EraRevision.Capabilities(EraRevision.R202607));
        var asked = await pipe.Client.AskAsync("tools/call", "\"name\":\"sample\",\"arguments\":{}");
        var state = asked.Result.At("requestState").GetRawText();
        Assert.Equal("input_required", asked.Result.At("resultType").Str());
        const string answers = "\"inputResponses\":{\"sample\":{\"content\":{\"type\":\"text\",\"text\":\"t\"}}}";

        var members = change.StartsWith("\"arguments", StringComparison.Ordinal) ? $"\"name\":\"sample\",{change},{answers},\"requestState\":{state}"
            : change.Length == 0 ? $"\"name\":\"sample\",\"arguments\":{{}},{answers}"
            : $"\"name\":\"sample\",\"arguments\":{{}},{answers},{change.Replace("STATE_", state[..^2] + "_\"", StringComparison.Ordinal)}";
        var reply = await pipe.Client.AskAsync("tools/call", members);
        var right = await pipe.Client.AskAsync("tools/call", $"\"name\":\"sample\",\"arguments\":{{}},{answers},\"requestState\":{state}");

        Assert.Equal(-32602, reply.Code);
        Verdict.Text("sampled: t", right);
    }

    private static async Task RefusedAsync(RawClient client, int code, string method, string members)
    {
        var reply = await client.AskAsync(method, members);
        Assert.True(reply.Code == code, $"{method} {members}: {reply}");
    }
}
