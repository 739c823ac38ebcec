using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Listeners;

/// <summary>The modern face of <c>/mcp</c>: what headers and bodies must say, and what is answered when they do not.</summary>
public sealed class ModernHttpTests(ListenerFixture fixture) : IClassFixture<ListenerFixture>
{
    private string Url => fixture.Router.Url;

    [Fact(Timeout = 30_000)]
    public async Task Discover_Plain_TellsModernVersionsOnly()
    {
        var reply = await fixture.Router.ModernClient().AskAsync("server/discover");

        Assert.Equal(200, reply.Status);
        Assert.Equal("complete", reply.Result.At("resultType").Str());
        Assert.Contains(Envelope.Revision, reply.Result.At("supportedVersions").EnumerateArray().Select(v => v.Str()));
        Assert.True(reply.Result.At("ttlMs").GetInt32() >= 0 && reply.Result.At("cacheScope").Str() is "public" or "private", reply.ToString());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("MCP-Protocol-Version", null)]
    [InlineData("MCP-Protocol-Version", "2025-11-25")]
    [InlineData("MCP-Protocol-Version", "2026-07-29")]
    [InlineData("Mcp-Method", null)]
    [InlineData("Mcp-Method", "tools/list")]
    [InlineData("Mcp-Method", "Tools/Call")]
    [InlineData("Mcp-Name", null)]
    [InlineData("Mcp-Name", "new_echo")]
    [InlineData("Mcp-Name", "NEW_LEDGER")]
    [InlineData("Mcp-Name", "=?base64?bmV3X2xlZGdlcg?=")]
    [InlineData("Mcp-Name", "=?base64?****?=")]
    [InlineData("Mcp-Name", "=?BASE64?bmV3X2xlZGdlcg==?=")]
    public async Task Post_HeaderDiffersFromBody_Is400WithHeaderMismatch(string header, string? value)
    {
        var reply = await PostAsync(Call, (header, value));

        Assert.Equal((400, -32020), (reply.Status, reply.Code));
        Assert.Equal("7", reply.Root.At("id").GetRawText());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("Mcp-Name", "=?base64?bmV3X2xlZGdlcg==?=")]
    [InlineData("Mcp-Name", " new_ledger ")]
    [InlineData("Mcp-Param-Unknown", "x")]
    [InlineData("Mcp-Session-Id", "stale")]
    public async Task Post_HeaderSpeltOtherwise_IsAccepted(string header, string value)
    {
        var nonce = Guid.NewGuid().ToString("N");

        var reply = await PostAsync(Call.Replace("\"n\"", $"\"{nonce}\"", StringComparison.Ordinal), (header, value));

        Verdict.Ledger("new", nonce, reply);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("new_filler_mirror", "eu", 200)]
    [InlineData("new_filler_mirror", "us", 400)]
    [InlineData("new_filler_mirror", null, 400)]
    [InlineData("new_filler_mirro\\u0072", "eu", 200)]
    [InlineData("new_filler_mirro\\u0072", "us", 400)]
    public async Task Post_MirroredArgument_IsCheckedHoweverTheToolIsSpelt(string name, string? header, int status)
    {
        await fixture.Router.ModernClient().ToolNamesAsync();
        var frame = $"{{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{Envelope.Params($"\"name\":\"{name}\",\"arguments\":{{\"region\":\"eu\"}}")}}}";

        var reply = await PostAsync(frame, ("Mcp-Param-Region", header));

        Assert.Equal((status, status == 200 ? null : -32020), (reply.Status, reply.Code));
    }

    [Fact(Timeout = 30_000)]
    public async Task Post_UnknownVersion_IsRefusedWithTheSupported()
    {
        var body = $"{{\"jsonrpc\":\"2.0\",\"id\":\"v\",\"method\":\"tools/list\",\"params\":{Envelope.Params(revision: "2031-01-01")}}}";

        var reply = await PostAsync(body, ("MCP-Protocol-Version", "2031-01-01"));

        Assert.Equal((400, -32022), (reply.Status, reply.Code));
        Assert.Equal("2031-01-01", reply.Error.At("data", "requested").Str());
        Assert.Contains(Envelope.Revision, reply.Error.At("data", "supported").EnumerateArray().Select(v => v.Str()));
        Assert.Equal("\"v\"", reply.Root.At("id").GetRawText());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData(",\"params\":{}")]
    [InlineData(",\"params\":{\"_meta\":{}}")]
    [InlineData(",\"params\":{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}")]
    [InlineData(",\"params\":{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":[]}}")]
    public async Task Post_MetaMissing_Is400WithInvalidParams(string tail)
    {
        var reply = await PostAsync($"{{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\"{tail}}}");

        Assert.Equal((400, -32602), (reply.Status, reply.Code));
        Assert.Equal("7", reply.Root.At("id").GetRawText());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("initialize")]
    [InlineData("ping")]
    [InlineData("logging/setLevel")]
    [InlineData("resources/subscribe")]
    [InlineData("resources/unsubscribe")]
    [InlineData("tasks/result")]
    [InlineData("no/such")]
    public async Task Post_RemovedOrUnknownMethod_Is404(string method)
    {
        var reply = await fixture.Router.ModernClient().AskAsync(method, "\"uri\":\"wicked://new/1\"");

        Assert.Equal((404, -32601), (reply.Status, reply.Code));
    }

    [Fact(Timeout = 30_000)]
    public async Task Post_UnknownTool_IsAnErrorInBand()
    {
        var reply = await fixture.Router.ModernClient().CallAsync("new_nothing");

        Assert.Equal((200, -32602), (reply.Status, reply.Code));
    }

    [Fact(Timeout = 30_000)]
    public async Task Post_Notification_Is202WithoutBody()
    {
        var body = $"{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{Envelope.Params("\"requestId\":1")}}}";

        var reply = await PostAsync(body);

        Assert.Equal((202, ""), (reply.Status, reply.Text));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Verb_WithModernVersion_Is405AllowPost(string verb)
    {
        using var response = await RawHttp.SendAsync(
            verb, Url, null, default, ("MCP-Protocol-Version", Envelope.Revision), ("Accept", "text/event-stream"));

        Assert.Equal(405, (int)response.StatusCode);
        Assert.Contains("POST", response.Content.Headers.Allow);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("[CALL]")]
    [InlineData("[]")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},CALL]")]
    public async Task Post_Batch_Is400(string body)
    {
        var reply = await PostAsync(body.Replace("CALL", Call, StringComparison.Ordinal));

        Assert.Equal((400, -32600), (reply.Status, reply.Code));
    }

    [Fact(Timeout = 30_000)]
    public async Task Post_AnswerToNothing_Is400()
    {
        var reply = await PostAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");

        Assert.Equal(400, reply.Status);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9007199254740993")]
    [InlineData("\"0\"")]
    [InlineData("\"\"")]
    [InlineData("\"\\u0041\\/\\ud834\\udd1e\"")]
    [InlineData("\"é𝄞\"")]
    public async Task Post_AnyId_ComesBackByteForByte(string id)
    {
        var reply = await fixture.Router.ModernClient().RequestAsync(
            id, "tools/call", Envelope.Params("\"name\":\"new_echo\",\"arguments\":{\"text\":\"t\"}"));

        Verdict.Text("t", reply);
        Assert.Equal(id, reply.Root.At("id").GetRawText());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("true")]
    public async Task Post_IdOfAnotherType_Is400(string id)
    {
        var reply = await PostAsync(Call.Replace("\"id\":7", $"\"id\":{id}", StringComparison.Ordinal));

        Assert.Equal((400, -32600), (reply.Status, reply.Code));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"id\":8,\"method\":\"tools/call\",PARAMS}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"method\":\"tools/list\",PARAMS}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"\\u006dethod\":\"tools/list\",PARAMS}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",PARAMS,\"params\":{}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",NAMETWICE}")]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"tools/call\",PARAMS}")]
    [InlineData("{\"id\":7,\"method\":\"tools/call\",PARAMS}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",PARAMS} {}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",PARAMS")]
    [InlineData("\"tools/call\"")]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task Post_NoSoundRequest_Is400(string body)
    {
        var good = "\"params\":" + Envelope.Params("\"name\":\"new_ledger\",\"arguments\":{\"nonce\":\"n\"}");
        var twice = "\"params\":" + Envelope.Params("\"name\":\"new_ledger\",\"name\":\"new_echo\",\"arguments\":{}");

        var reply = await RawHttp.ExchangeAsync(
            "POST",
            Url,
            body.Replace("PARAMS", good, StringComparison.Ordinal).Replace("NAMETWICE", twice, StringComparison.Ordinal),
            ModernHttpClient.Mirror(Call));

        Assert.Equal(400, reply.Status);
        Assert.True(reply.Code is -32700 or -32600 or -32602, reply.ToString());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("{\"params\":PARAMS,\"method\":\"tools/call\",\"jsonrpc\":\"2.0\",\"id\":7}")]
    [InlineData(" \r\n\t{ \"id\" : 7 , \"x\":[{\"id\":9}], \"method\" : \"tools\\/call\" , \"params\" : PARAMS , \"jsonrpc\" : \"2.0\" } \n")]
    public async Task Post_UnusualButSound_IsAnswered(string body)
    {
        var reply = await RawHttp.ExchangeAsync(
            "POST",
            Url,
            body.Replace("PARAMS", Envelope.Params("\"name\":\"new_echo\",\"arguments\":{\"text\":\"t\"}"), StringComparison.Ordinal),
            [.. ModernHttpClient.Mirror(Call).Where(h => h.Name != "Mcp-Name"), ("Mcp-Name", "new_echo")]);

        Verdict.Text("t", reply);
        Assert.Equal("7", reply.Root.At("id").GetRawText());
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_CallerLeaves_UpstreamIsCanceled()
    {
        using var folder = new TempFolder();
        var journal = new JournalFile(folder);
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("new", $"\"era\":\"Modern\",{journal.Member}"));
        var client = router.ModernClient();
        var call = client.RequestAsync("1", "tools/call", Envelope.Params("\"name\":\"new_ledger\",\"arguments\":{\"nonce\":\"n\",\"delayMs\":20000}"));
        while (journal.Received("tools/call").Count == 0) await Task.Delay(20);

        client.HangUp("1");
        await call;

        for (var i = 0; i < 100 && journal.Received("notifications/cancelled").Count == 0; i++) await Task.Delay(20);
        Assert.Single(journal.Received("notifications/cancelled"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_ServerOfTheOtherEra_IsAnswered()
    {
        var modern = await fixture.Router.ModernClient().CallAsync("old_ledger", "{\"nonce\":\"n\"}");
        var legacy = await (await fixture.Router.LegacyClientAsync()).CallAsync("new_ledger", "{\"nonce\":\"n\"}");

        Verdict.Ledger("old", "n", modern);
        Verdict.Ledger("new", "n", legacy);
    }

    private static string Call =>
        $"{{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{Envelope.Params("\"name\":\"new_ledger\",\"arguments\":{\"nonce\":\"n\"}")}}}";

    /// <summary>POSTs a body with the headers of a right one but for one.</summary>
    private Task<Reply> PostAsync(string body, (string Name, string? Value) other = default)
    {
        var frame = body.StartsWith('{') ? body : Call;
        return RawHttp.ExchangeAsync("POST", Url, body, [.. ModernHttpClient.Mirror(frame).Where(h => h.Name != other.Name), .. other.Name is null ? [] : new[] { other }]);
    }
}
