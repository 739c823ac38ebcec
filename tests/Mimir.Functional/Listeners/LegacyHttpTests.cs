using System.Text;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Listeners;

/// <summary>The legacy face of <c>/mcp</c>: sessions, streams, resumption, batches.</summary>
public sealed class LegacyHttpTests(ListenerFixture fixture) : IClassFixture<ListenerFixture>
{
    private const string Ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
    private const string Accept = "application/json, text/event-stream";

    private Router Router => fixture.Router;

    [Theory(Timeout = 30_000)]
    [InlineData("2024-11-05", "2024-11-05")]
    [InlineData("2025-03-26", "2025-03-26")]
    [InlineData("2025-06-18", "2025-06-18")]
    [InlineData("2025-11-25", "2025-11-25")]
    [InlineData("2019-01-01", "2025-11-25")]
    [InlineData("2026-07-28", "2025-11-25")]
    public async Task Initialize_AnyRevision_IsMetWithOneWeSpeak(string asked, string expected)
    {
        var client = await Router.LegacyClientAsync(asked, stream: false);

        Assert.Equal(expected, client.Revision);
        Assert.True(client.Session is { Length: >= 22 } && client.Session.All(c => c is > ' ' and < (char)127), client.Session);
        Verdict.Text("t", await client.CallAsync("old_echo", "{\"text\":\"t\"}"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Initialize_ServersAreKnown_PassesTheirInstructionsOn()
    {
        await (await Router.LegacyClientAsync(stream: false)).CallAsync("old_echo", "{\"text\":\"t\"}");

        // A client that can be asked gets a connection of its own, which is not open yet.
        await using var other = new LegacyHttpClient(Router.Url) { Capabilities = "{\"elicitation\":{}}" };
        var instructions = (await other.InitializeAsync("2025-11-25", false)).Result.At("instructions").Str();

        Assert.Contains("# old (old)\n\nAsk old", instructions, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Post_WithoutSession_Is400()
    {
        var reply = await RawHttp.ExchangeAsync("POST", Router.Url, Ping, ("Accept", Accept));

        Assert.Equal(400, reply.Status);
        Assert.NotNull(reply.Code);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("POST", Ping)]
    [InlineData("GET", null)]
    [InlineData("DELETE", null)]
    public async Task Any_UnknownSession_Is404(string verb, string? body)
    {
        var reply = await RawHttp.ExchangeAsync(verb, Router.Url, body, ("Accept", Accept), ("Mcp-Session-Id", "0123456789abcdef0123456789abcdef"));

        Assert.Equal(404, reply.Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task Delete_Session_IsGone()
    {
        var client = await Router.LegacyClientAsync(stream: false);
        var stream = await client.StreamAsync();

        var deleted = await client.DeleteAsync();

        Assert.InRange(deleted.Status, 200, 204);
        await stream.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(404, (await client.AskAsync("ping")).Status);
        Assert.Equal(404, (await RawHttp.ExchangeAsync("GET", Router.Url, null, client.SessionHeaders)).Status);
        Assert.Equal(404, (await client.DeleteAsync()).Status);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("1999-01-01")]
    [InlineData("nonsense")]
    public async Task Post_VersionNobodySpeaks_Is400(string version)
    {
        var client = await Router.LegacyClientAsync("2025-11-25", stream: false);

        var reply = await RawHttp.ExchangeAsync("POST", Router.Url, Ping, ("Accept", Accept), ("Mcp-Session-Id", client.Session), ("MCP-Protocol-Version", version));

        Assert.Equal(400, reply.Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task Initialize_WithModernVersionHeader_IsHeaderMismatch()
    {
        var body = $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{{{Handshake.Members("2025-11-25", "{}")}}}}}";

        var reply = await RawHttp.ExchangeAsync("POST", Router.Url, body, ("Accept", Accept), ("MCP-Protocol-Version", Envelope.Revision));

        Assert.Equal((400, -32020), (reply.Status, reply.Code));
    }

    [Fact(Timeout = 30_000)]
    public async Task Post_ModernMirrorHeadersOnLegacyRequest_AreIgnored()
    {
        var client = await Router.LegacyClientAsync(stream: false);

        var reply = await RawHttp.ExchangeAsync("POST", Router.Url, Ping, [.. client.SessionHeaders, ("Mcp-Method", "tools/call"), ("Mcp-Name", "other")]);

        Assert.Equal(200, reply.Status);
        Assert.Equal("{}", reply.Result.GetRawText());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("Accept", "text/html", 406)]
    [InlineData("Content-Type", "text/plain", 415)]
    [InlineData("Content-Type", "application/x-www-form-urlencoded", 415)]
    public async Task Post_WrongMediaType_IsRefused(string header, string value, int status)
    {
        var client = await Router.LegacyClientAsync(stream: false);

        var reply = await RawHttp.ExchangeAsync("POST", Router.Url, Ping, [.. client.SessionHeaders.Where(h => h.Name != header), (header, value)]);

        Assert.Equal(status, reply.Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task Post_NotificationOrAnswer_Is202WithoutBody()
    {
        var client = await Router.LegacyClientAsync(stream: false);

        foreach (var body in (string[])["{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}", "{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{}}"])
        {
            var reply = await RawHttp.ExchangeAsync("POST", Router.Url, body, client.SessionHeaders);
            Assert.Equal((202, ""), (reply.Status, reply.Text));
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Batch_In202503_EveryRequestIsAnswered()
    {
        var client = await Router.LegacyClientAsync("2025-03-26", stream: false);
        string[] ids = ["1", "\"1\"", "2", "\"x\""];
        var body = $"[{Ping},{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{{\"requestId\":99}}}},"
            + "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"tools/call\",\"params\":{\"name\":\"old_echo\",\"arguments\":{\"text\":\"t\"}}},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"no/such\"},{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"tools/list\"}]";

        var answers = await BatchAsync(client, body, ids.Length);

        Assert.Equal(ids.Order(StringComparer.Ordinal), answers.Select(a => a.At("id").GetRawText()).Order(StringComparer.Ordinal));
        Assert.Equal(-32601, answers.Single(a => a.At("id").GetRawText() == "2").At("error", "code").GetInt32());
        Assert.Equal("t", answers.Single(a => a.At("id").GetRawText() == "\"1\"").At("result", "content")[0].At("text").Str());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batch_AToolAsks_TheClientIsAskedAndEveryRequestIsAnswered(bool stream)
    {
        var client = await Router.LegacyClientAsync("2025-03-26", "{\"sampling\":{}}", stream);
        client.OnQuestion = _ => "\"result\":{\"role\":\"assistant\"}";
        Verdict.Text("t", await client.CallAsync("old_echo", "{\"text\":\"t\"}"));
        const string body = """
            [{"jsonrpc":"2.0","id":"p","method":"ping"},
             {"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"old_wicked","arguments":{"how":"ask","method":"sampling/createMessage","params":{}}}},
             {"jsonrpc":"2.0","id":"b","method":"tools/call","params":{"name":"old_ledger","arguments":{"nonce":"n","progress":2},"_meta":{"progressToken":"mine"}}}]
            """;

        var (answers, progress) = await StreamBatchAsync(client, body);

        Assert.Equal(["\"a\"", "\"b\"", "\"p\""], answers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("assistant", answers["\"a\""].At("result", "structuredContent", "answers")[0].At("result", "role").Str());
        Assert.Equal(2, progress);
        Assert.Single(client.Questions);
    }

    [Fact(Timeout = 30_000)]
    public async Task Batch_OfNotificationsIn202503_Is202()
    {
        var client = await Router.LegacyClientAsync("2025-03-26", stream: false);

        var reply = await RawHttp.ExchangeAsync("POST", Router.Url, "[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}]", client.SessionHeaders);

        Assert.Equal(202, reply.Status);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("2025-03-26", "[]")]
    [InlineData("2025-03-26", "[1,2]")]
    [InlineData("2025-03-26", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-03-26\",\"capabilities\":{},\"clientInfo\":{\"name\":\"a\",\"version\":\"1\"}}}]")]
    [InlineData("2025-06-18", "[" + Ping + "]")]
    [InlineData("2025-11-25", "[" + Ping + "]")]
    public async Task Batch_WhereThereIsNone_Is400(string revision, string body)
    {
        var client = await Router.LegacyClientAsync(revision, stream: false);

        var reply = await RawHttp.ExchangeAsync("POST", Router.Url, body, client.SessionHeaders);

        Assert.Contains("-32600", reply.Text, StringComparison.Ordinal);
        if (body != "[1,2]") Assert.Equal(400, reply.Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task Batch_LargerThanTheLimit_Is400()
    {
        var client = await Router.LegacyClientAsync("2025-03-26", stream: false);

        var reply = await RawHttp.ExchangeAsync("POST", Router.Url, $"[{string.Join(',', Enumerable.Repeat(Ping, 101))}]", client.SessionHeaders);

        Assert.Equal((400, -32600), (reply.Status, reply.Code));
    }

    [Fact(Timeout = 30_000)]
    public async Task Resume_CallWhoseStreamBroke_TheRestArrivesOnGet()
    {
        var client = await Router.LegacyClientAsync(stream: false);
        var call = client.RequestAsync(
            "5", "tools/call", client.Params("\"name\":\"old_wicked\",\"arguments\":{\"how\":\"slowProgress\",\"steps\":6,\"everyMs\":200}", "\"p\""));
        await client.NotificationAsync(n => n.At("params", "progress").ValueKind != default && n.At("params", "progress").GetInt32() == 2);

        client.HangUp("5");
        await call;
        var events = client.Events.ToArray();
        Assert.True(events.Length >= 2 && events.Select(e => e.Event.Id).Distinct().Count() == events.Length, "events need ids of their own");
        var seen = client.Notifications("notifications/progress").Length;
        await client.StreamAsync(events[^1].Event.Id);
        await client.NotificationAsync(n => n.At("params", "progress").ValueKind != default && n.At("params", "progress").GetInt32() == 6);
        for (var i = 0; i < 100 && client.Strays.IsEmpty; i++) await Task.Delay(20);

        // Nobody waits for the answer any more, so that it counts as a stray.
        Assert.Equal("at last", new Reply(0, Assert.Single(client.Strays)).ToolText);
        Assert.Equal([1, 2, 3, 4, 5, 6], client.Notifications("notifications/progress").Select(n => n.At("params", "progress").GetInt32()));
        Assert.True(seen < 6, "the stream was not cut");
    }

    [Fact(Timeout = 30_000)]
    public async Task Resume_EventOfAnotherSession_GivesNothingAway()
    {
        var owner = await Router.LegacyClientAsync(stream: false);
        await owner.CallAsync("old_ledger", "{\"nonce\":\"secret\",\"progress\":2}", progressToken: "1");
        var id = owner.Events.FirstOrDefault().Event?.Id ?? "0";
        var thief = await Router.LegacyClientAsync(stream: false);

        try
        {
            await thief.StreamAsync(id);
        }
        catch (InvalidOperationException)
        {
            // A refusal is as good as an empty stream.
        }

        await Task.Delay(500);
        Assert.Empty(thief.Strays);
        Assert.Empty(thief.Notifications("notifications/progress"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Stream_In202511_IsPrimedAndTellsWhenToRetry()
    {
        var client = await Router.LegacyClientAsync(stream: false);

        await client.CallAsync("old_ledger", "{\"nonce\":\"primed\",\"progress\":1,\"delayMs\":50}", progressToken: "1");

        var first = client.Events.First().Event;
        Assert.True(first.Data.Length == 0 && first.Id!.Length > 0, $"the first event: {first.Id} {Encoding.UTF8.GetString(first.Data)}");
        Assert.Contains(client.Events, e => e.Event.Retry is not null);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_CallerLeaves_IsNotCanceled()
    {
        using var folder = new TempFolder();
        var journal = new JournalFile(folder);
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("old", journal.Member));
        var client = await router.LegacyClientAsync(stream: false);
        var call = client.RequestAsync("5", "tools/call", "{\"name\":\"old_ledger\",\"arguments\":{\"nonce\":\"n\",\"delayMs\":1000}}");
        while (journal.Received("tools/call").Count == 0) await Task.Delay(20);

        client.HangUp("5");
        await call;
        await Task.Delay(500);

        Assert.Empty(journal.Received("notifications/cancelled"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Server_UnderItsOwnUrl_IsAloneAndUnprefixed()
    {
        await using var client = new LegacyHttpClient(Router.Url + "/old");
        await client.InitializeAsync();

        Assert.Equal(["ledger", "wicked", "echo"], await client.ToolNamesAsync());
        Verdict.Text("t", await client.CallAsync("echo", "{\"text\":\"t\"}"));
        Assert.NotNull((await client.CallAsync("old_echo", "{\"text\":\"t\"}")).Code);
    }

    [Fact(Timeout = 30_000)]
    public async Task Server_UnknownName_Is404()
    {
        var reply = await RawHttp.ExchangeAsync("POST", Router.Url + "/nobody", Ping, ("Accept", Accept));

        Assert.Equal(404, reply.Status);
        Assert.Contains("There are: old, new.", reply.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Session_UsedUnderAnotherUrl_Is404()
    {
        var client = await Router.LegacyClientAsync(stream: false);

        var reply = await RawHttp.ExchangeAsync("POST", Router.Url + "/old", Ping, client.SessionHeaders);

        Assert.Equal(404, reply.Status);
    }

    /// <summary>Posts a batch whose response is a stream; its questions are answered as the client does.</summary>
    private static async Task<(Dictionary<string, System.Text.Json.JsonElement> Answers, int Progress)> StreamBatchAsync(LegacyHttpClient client, string body)
    {
        using var limit = new CancellationTokenSource(RawClient.Patience);
        using var response = await RawHttp.SendAsync("POST", client.Url, body, limit.Token, client.SessionHeaders);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var reader = new SseReader(await response.Content.ReadAsStreamAsync(limit.Token));
        var answers = new Dictionary<string, System.Text.Json.JsonElement>(StringComparer.Ordinal);
        var progress = 0;
        while (await reader.ReadAsync(limit.Token) is { } e)
        {
            var message = System.Text.Json.JsonElement.Parse(e.Data);
            if (message.At("method").Str() is not { } method)
            {
                answers.Add(message.At("id").GetRawText(), message);
            }
            else if (method == "notifications/progress")
            {
                Assert.Equal("mine", message.At("params", "progressToken").Str());
                progress++;
            }
            else
            {
                client.Questions.Enqueue(message);
                await client.SendAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{message.At("id").GetRawText()},{client.OnQuestion!(message)}}}", null);
            }
        }

        return (answers, progress);
    }

    private static async Task<List<System.Text.Json.JsonElement>> BatchAsync(LegacyHttpClient client, string body, int expected)
    {
        using var response = await RawHttp.SendAsync("POST", client.Url, body, default, client.SessionHeaders);
        Assert.Equal(200, (int)response.StatusCode);
        var answers = new List<System.Text.Json.JsonElement>();
        void Add(System.Text.Json.JsonElement root)
        {
            if (root.ValueKind == System.Text.Json.JsonValueKind.Array) answers.AddRange(root.EnumerateArray());
            else answers.Add(root);
        }

        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            Add(System.Text.Json.JsonElement.Parse(await response.Content.ReadAsByteArrayAsync()));
            return answers;
        }

        var reader = new SseReader(await response.Content.ReadAsStreamAsync());
        while (answers.Count < expected && await reader.ReadAsync() is { } e)
        {
            if (e.Data.Length > 0) Add(System.Text.Json.JsonElement.Parse(e.Data));
        }

        return answers;
    }
}
