using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Faults;

/// <summary>HTTP servers that forget their sessions.</summary>
public sealed class SessionFaultTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact(Timeout = 60_000)]
    public async Task Call_SessionExpiredUpstream_IsOpenedAnewAndCallSentAgain()
    {
        var journal = new JournalFile(_folder);
        await using var http = await WickedHttp.StartAsync($"\"name\":\"web\",\"expireAfter\":3,{journal.Member}");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("web", http.Url));

        for (var i = 0; i < 10; i++) Verdict.Ledger("web", $"{i}", await router.Stdio.CallAsync("web_ledger", $"{{\"nonce\":\"{i}\"}}"));

        Assert.Equal(10, journal.Received("tools/call").Count);
        Assert.InRange(journal.Received("initialize").Count, 4, 6);
    }

    [Fact(Timeout = 60_000)]
    public async Task Calls_SessionExpiresUnderManyAtOnce_EachIsExecutedOnce()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("web", http.Url, "\"sharing\":\"shared\""));

        for (var round = 0; round < 5; round++)
        {
            Verdict.Text("expired", await router.Stdio.CallAsync("web_wicked", "{\"how\":\"expire\"}"));
            var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
                router.Stdio.CallAsync("web_ledger", $"{{\"nonce\":\"{round}-{i}\",\"delayMs\":5}}")));
            for (var i = 0; i < replies.Length; i++) Verdict.Ledger("web", $"{round}-{i}", replies[i]);
        }

        Verdict.NoStrays(router.Stdio);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_EverySessionExpires_IsSentTwiceAndThenAnError()
    {
        var journal = new JournalFile(_folder);
        await using var http = await WickedHttp.StartAsync($"\"name\":\"web\",\"alwaysExpired\":true,{journal.Member}");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("web", http.Url));
        await router.Stdio.ToolNamesAsync();

        Verdict.RouterError(await router.Stdio.CallAsync("web_ledger", "{\"nonce\":\"n\"}", TimeSpan.FromSeconds(10)), "web");

        Assert.Equal(2, journal.Http(404).Count(e => e.At("method").Str() == "POST"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Subscription_SessionExpiredUpstream_IsRenewed()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("web", http.Url));
        Assert.Null((await router.Stdio.AskAsync("resources/subscribe", "\"uri\":\"wicked://web/1\"")).Code);

        Verdict.Text("expired", await router.Stdio.CallAsync("web_wicked", "{\"how\":\"expire\"}"));
        Verdict.Ledger("web", "n", await router.Stdio.CallAsync("web_ledger", "{\"nonce\":\"n\"}"));
        var updated = router.Stdio.NotificationAsync("notifications/resources/updated", TimeSpan.FromSeconds(10));
        for (var i = 0; i < 20 && !updated.IsCompleted; i++)
        {
            await router.Stdio.CallAsync("web_wicked", "{\"how\":\"touch\",\"uri\":\"wicked://web/1\"}");
            await Task.WhenAny(updated, Task.Delay(200));
        }

        Assert.Equal("wicked://web/1", (await updated).At("params", "uri").Str());
    }

    public void Dispose() => _folder.Dispose();
}
