using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>What happens while calls run: progress, cancellation, log messages, batches.</summary>
public abstract partial class EraSpecification
{
    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Progress_OfACall_ArrivesUnderTheCallersToken(string client)
    {
        await using var c = await OpenAsync(client);

        foreach (var token in (string[])["\"text\"", "7", "\"7\""])
        {
            EraVerdict.Text(c, "progressed", await c.CallAsync("progress", progressToken: token));
            Assert.Equal("1 2 3", await ProgressAsync(c, token));
        }
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Cancel_OfACall_ReachesTheServer(string client)
    {
        await using var c = await OpenAsync(client);
        var (before, after) = await CancelOneAsync(c);

        EraVerdict.Text(c, $"{before + 1}", after);
        Harness.Verdict.NoStrays(c.Raw);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Log_OfALevel_ArrivesFromThereOn(string client)
    {
        await using var c = await OpenAsync(client);
        await c.SetLevelAsync("info");

        EraVerdict.Text(c, "logged", await c.CallAsync("log"));

        await c.NotificationAsync(n => n.At("method").Str() == "notifications/message" && n.At("params", "level").Str() == "error");
        var lines = c.Raw.Notifications("notifications/message").Select(n => n.At("params"));
        Assert.Equal([("info", "a info line"), ("error", "a error line")], lines.Select(p => (p.At("level").Str(), p.At("data").Str())));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Log_NobodyAskedFor_IsNotSentToModernClients(string client)
    {
        await using var c = await OpenAsync(client);

        EraVerdict.Text(c, "logged", await c.CallAsync("log"));

        // A session that named no level may be sent what the server likes.
        if (c.Modern) Assert.Empty(c.Raw.Notifications("notifications/message"));
        else Assert.All(c.Raw.Notifications("notifications/message"), n => Assert.NotNull(n.At("params", "level").Str()));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Batch_OfTheServer_ArrivesMessageByMessage(string client)
    {
        await using var c = await OpenAsync(client);
        if (await IsMissingAsync(c, c.Limit(EraLimits.ServerBatches), "batch")) return;

        EraVerdict.Text(c, "in a batch", await c.CallAsync("batch", progressToken: "\"b\""));
        Assert.Equal("1 2 3", await ProgressAsync(c, "\"b\""));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Batch_OfTheClient_IsAnsweredWhole(string client)
    {
        await using var c = await OpenAsync(client);
        string[] messages =
        [
            "{\"jsonrpc\":\"2.0\",\"id\":\"ping\",\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":99}}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"in a batch\"}}}",
            "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"tools/call\",\"params\":{\"name\":\"sample\",\"arguments\":{}}}",
        ];
        var body = $"[{string.Join(',', messages)}]";
        if (c.Limit(EraLimits.Batches) is not null)
        {
            // On a pipe and on the stream of HTTP+SSE the refusal has no id by which it could be told from others.
            if (c.Raw is not HttpRawClient http) return;
            var headers = http is LegacyHttpClient legacy ? legacy.SessionHeaders : ModernHttpClient.Mirror(messages[2]);
            var reply = await RawHttp.ExchangeAsync("POST", http.Url, body, headers);
            Assert.Equal((400, -32600), (reply.Status, reply.Code));
            return;
        }

        var replies = await c.Raw.BatchAsync(body, "\"ping\"", "1", "\"1\"");

        Assert.Equal("{}", replies[0].Result.GetRawText());
        EraVerdict.Text(c, "in a batch", replies[1]);
        EraVerdict.Text(c, "sampled: " + c.Word, replies[2]);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Ping_OfAClient_IsAnsweredWhereThereIsOne(string client)
    {
        await using var c = await OpenAsync(client);

        var reply = await c.AskAsync("ping");

        if (c.Modern) Assert.Equal(-32601, reply.Code);
        else Assert.Equal("{}", reply.Result.GetRawText());
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Server_AfterAVisit_HasSeenNothingOfAnotherRevision(string client)
    {
        await using var c = await OpenAsync(client);
        await c.CallAsync("violations");

        if (!c.Modern) await c.Raw.NotifyAsync("notifications/roots/list_changed");
        await c.SetLevelAsync("error");
        await c.SubscribeAsync(Static);
        await c.WatchToolsAsync();
        await c.CallAsync("progress", progressToken: "1");
        await c.CallAsync("roots");
        await CancelOneAsync(c);

        EraVerdict.Text(c, "none", await c.CallAsync("violations"));
    }

    /// <summary>Cancels a call and waits until the server has heard of it, so that it is not counted with another.</summary>
    private static async Task<(int Before, Reply After)> CancelOneAsync(EraClient c)
    {
        var before = int.Parse((await c.CallAsync("cancelled-count")).ToolText ?? "-1", System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(before >= 0, "cancelled-count");
        await CancelAsync(c);
        return (before, await c.CallAsync("cancelled-count", $"{{\"atLeast\":{before + 1}}}"));
    }

    private static async Task CancelAsync(EraClient c)
    {
        var (id, token) = ($"\"cancel-{c.Word}\"", $"\"token-{c.Word}\"");
        var call = c.Raw.RequestAsync(id, "tools/call", c.Raw.Params("\"name\":\"wait\",\"arguments\":{}", token), EraClient.Patience);

        // A canceled call need not be answered; that nobody waits for it any more is no fault.
        _ = call.ContinueWith(t => t.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
        var begun = c.NotificationAsync(n => Is(n, token));
        if (await Task.WhenAny(call, begun) == call) Assert.Fail("wait ended: " + await call);
        await begun;
        await c.Raw.CancelAsync(id);
    }

    private static bool Is(JsonElement notification, string token) =>
        notification.At("method").Str() == "notifications/progress"
        && notification.At("params", "progressToken") is { ValueKind: not JsonValueKind.Undefined } own && own.GetRawText() == token;

    /// <summary>The progress under a token, once the third step has come.</summary>
    private static async Task<string> ProgressAsync(EraClient c, string token)
    {
        await c.NotificationAsync(n => Is(n, token) && n.At("params", "progress").GetDouble() >= 3);
        return string.Join(' ', c.Raw.Notifications("notifications/progress").Where(n => Is(n, token)).Select(n => n.At("params", "progress").GetRawText()));
    }
}
