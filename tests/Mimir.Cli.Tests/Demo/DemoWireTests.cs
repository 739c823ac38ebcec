using System.Text;
using System.Text.Json;
using Mimir.Cli.Demo;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Demo;

/// <summary>The bytes the demo server puts on the wire, where a client library would hide them.</summary>
public sealed class DemoWireTests
{
    [Fact(Timeout = 30_000)]
    public async Task ModernAsk_FirstRound_ReturnsInputRequiredAndNoRequest()
    {
        using var wire = new Wire();

        var reply = await wire.AskAsync(Call(1, "ask", """{"question":"Why?"}""", """{"elicitation":{}}"""));
        var result = reply.GetProperty("result");

        Assert.Equal("input_required", result.GetProperty("resultType").GetString());
        var request = result.GetProperty("inputRequests").GetProperty("answer");
        Assert.Equal("elicitation/create", request.GetProperty("method").GetString());
        Assert.Equal("Why?", request.GetProperty("params").GetProperty("message").GetString());
        Assert.False(string.IsNullOrEmpty(result.GetProperty("requestState").GetString()));
    }

    [Fact(Timeout = 30_000)]
    public async Task ModernAsk_SecondRoundOnAnotherConnection_IsAnsweredWithoutMemoryOfTheFirst()
    {
        using var first = new Wire();
        using var second = new Wire();
        var round = await first.AskAsync(Call(1, "ask", """{"question":"Why?"}""", """{"elicitation":{}}"""));
        var state = round.GetProperty("result").GetProperty("requestState").GetString();

        var reply = await second.AskAsync(Call(7, "ask", """{"question":"Why?"}""", """{"elicitation":{}}""",
            ""","inputResponses":{"answer":{"action":"accept","content":{"answer":"Because"}}},"requestState":""" + JsonSerializer.Serialize(state)));

        Assert.Equal("The user answered: Because", reply.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact(Timeout = 30_000)]
    public async Task ModernAsk_StateOfAnotherQuestion_IsRefused()
    {
        using var wire = new Wire();

        var reply = await wire.AskAsync(Call(1, "ask", """{"question":"Why?"}""", """{"elicitation":{}}""",
            ""","inputResponses":{"answer":{"action":"accept","content":{"answer":"x"}}},"requestState":"forged" """));

        Assert.Equal(-32602, reply.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact(Timeout = 30_000)]
    public async Task ModernAsk_ClientThatCannotBeAsked_GetsMissingCapability()
    {
        using var wire = new Wire();

        var error = (await wire.AskAsync(Call(1, "ask", """{"question":"Why?"}""", "{}"))).GetProperty("error");

        Assert.Equal(-32021, error.GetProperty("code").GetInt32());
        Assert.True(error.GetProperty("data").GetProperty("requiredCapabilities").TryGetProperty("elicitation", out _));
    }

    [Fact(Timeout = 30_000)]
    public async Task LegacyAsk_ClientThatCannotBeAsked_GetsAToolError()
    {
        using var wire = new Wire();
        await wire.AskAsync(Initialize);
        wire.Send("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");

        var reply = await wire.AskAsync(Legacy(1, "tools/call", """ "name":"ask","arguments":{"question":"Why?"} """));

        Assert.True(reply.GetProperty("result").GetProperty("isError").GetBoolean());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("tools/list")]
    [InlineData("resources/list")]
    [InlineData("resources/templates/list")]
    [InlineData("prompts/list")]
    [InlineData("server/discover")]
    public async Task ModernList_Always_CarriesCacheHintsAndResultType(string method)
    {
        using var wire = new Wire();

        var result = (await wire.AskAsync(Modern(1, method, "", "{}"))).GetProperty("result");

        Assert.Equal("complete", result.GetProperty("resultType").GetString());
        Assert.True(result.GetProperty("ttlMs").GetInt64() >= 0);
        Assert.Contains(result.GetProperty("cacheScope").GetString(), new[] { "public", "private" });
    }

    [Theory(Timeout = 30_000)]
    [InlineData("demo://nothing", "2025-11-25", -32002)]
    [InlineData("demo://nothing", "2026-07-28", -32602)]
    public async Task ReadResource_Unknown_UsesTheCodeOfTheEra(string uri, string revision, int code)
    {
        using var wire = new Wire();
        var inner = $"\"uri\":\"{uri}\"";
        if (revision != "2026-07-28")
        {
            await wire.AskAsync(Initialize);
        }

        var reply = await wire.AskAsync(revision == "2026-07-28"
            ? Modern(1, "resources/read", inner + ",", "{}")
            : Legacy(1, "resources/read", inner));

        Assert.Equal(code, reply.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact(Timeout = 30_000)]
    public async Task Run_ClientClosesItsSide_CompletesWithoutError()
    {
        using var wire = new Wire();
        await wire.AskAsync(Call(1, "echo", """{"text":"x"}""", "{}"));

        wire.CloseInput();

        await wire.Server.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact(Timeout = 30_000)]
    public async Task Run_Cancelled_CompletesWithoutErrorAndEndsRunningCalls()
    {
        using var wire = new Wire();
        wire.Send(Call(1, "count", """{"to":1000,"delayMs":10000}""", "{}"));
        await wire.AskAsync(Call(2, "echo", """{"text":"x"}""", "{}"));

        await wire.CancelAsync();

        await wire.Server.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Count_Cancelled_SendsNoFurtherProgressAndNoReply(bool modern)
    {
        using var wire = new Wire();
        if (!modern)
        {
            await wire.AskAsync(Initialize);
        }

        const string Slow = """ "name":"count","arguments":{"to":1000,"delayMs":10} """;
        const string Quick = """ "name":"count","arguments":{"to":10,"delayMs":20} """;
        wire.Send(modern ? Modern(1, "tools/call", Slow + ",", "{}", "first") : Legacy(1, "tools/call", Slow + ""","_meta":{"progressToken":"first"}"""));
        await wire.ReadUntilAsync(m => m.GetRawText().Contains("first", StringComparison.Ordinal));

        wire.Send(Legacy(null, "notifications/cancelled", "\"requestId\":1"));
        // One reply after the cancellation was read shows that it took effect; whatever of the first count follows is too late.
        wire.Send(modern ? Call(2, "echo", """{"text":"x"}""", "{}") : Legacy(2, "tools/call", """ "name":"echo","arguments":{"text":"x"} """));
        await wire.ReadUntilAsync(m => Id(m) == 2);
        wire.Send(modern ? Modern(3, "tools/call", Quick + ",", "{}", "second") : Legacy(3, "tools/call", Quick + ""","_meta":{"progressToken":"second"}"""));
        var later = await wire.ReadUntilAsync(m => Id(m) == 3);

        Assert.DoesNotContain(later, m => Id(m) == 1);
        Assert.InRange(later.Count(m => m.GetRawText().Contains("first", StringComparison.Ordinal)), 0, 1);
        Assert.Equal(10, later.Count(m => m.GetRawText().Contains("second", StringComparison.Ordinal)));
    }

    /// <summary>Whoever serves both eras opens a connection for each: this one is of the era of its first request.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_OtherEraOnTheSameConnection_IsRefused(bool modernFirst)
    {
        using var wire = new Wire();
        var modern = Modern(1, "server/discover", "", "{}");

        var first = await wire.AskAsync(modernFirst ? modern : Initialize);
        var second = await wire.AskAsync(modernFirst ? Initialize : modern);

        Assert.True(first.TryGetProperty("result", out _));
        Assert.True(second.TryGetProperty("error", out _), second.ToString());
    }

    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private static string Call(int id, string tool, string arguments, string capabilities, string more = "") =>
        Modern(id, "tools/call", $"\"name\":\"{tool}\",\"arguments\":{arguments}{more},", capabilities);

    private static int? Id(JsonElement message) => message.TryGetProperty("id", out var id) ? id.GetInt32() : null;

    private static string Modern(int id, string method, string inner, string capabilities, string? progressToken = null) =>
        Legacy(id, method, inner + "\"_meta\":{" + (progressToken is null ? "" : $"\"progressToken\":\"{progressToken}\",") + """
            "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},
            """.Trim() + "\"io.modelcontextprotocol/clientCapabilities\":" + capabilities + "}");

    private static string Legacy(int? id, string method, string inner) =>
        "{\"jsonrpc\":\"2.0\"," + (id is null ? "" : $"\"id\":{id},") + "\"method\":\"" + method + "\",\"params\":{" + inner + "}}";

    private sealed class Wire : IDisposable
    {
        private readonly MemoryDuplex _duplex = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly StreamReader _reader;

        public Wire()
        {
            Server = DemoServer.RunAsync(_duplex.ServerInput, _duplex.ServerOutput, _stop.Token);
            _reader = new StreamReader(_duplex.ClientInput);
        }

        public Task Server { get; }

        public void Send(string line)
        {
            _duplex.ClientOutput.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _duplex.ClientOutput.Flush();
        }

        public async Task<JsonElement> AskAsync(string line)
        {
            Send(line);
            var message = Assert.Single(await ReadUntilAsync(_ => true));
            Assert.False(message.TryGetProperty("method", out _), "the server sent a request or notification: " + message);
            return message;
        }

        public async Task<List<JsonElement>> ReadUntilAsync(Func<JsonElement, bool> last)
        {
            var messages = new List<JsonElement>();
            do
            {
                var text = await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
                using var document = JsonDocument.Parse(text ?? throw new EndOfStreamException());
                messages.Add(document.RootElement.Clone());
            }
            while (!last(messages[^1]));
            return messages;
        }

        public void CloseInput() => _duplex.ClientOutput.Dispose();

        public Task CancelAsync() => _stop.CancelAsync();

        public void Dispose()
        {
            _stop.Cancel();
            _duplex.ClientOutput.Dispose();
            _stop.Dispose();
        }
    }
}
