using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Faults;

/// <summary>Servers that answer wrongly, late, twice or never.</summary>
public sealed class AnswerFaultTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory(Timeout = 60_000)]
    [InlineData("twice", "first")]
    [InlineData("strangers", "mine")]
    public async Task Call_AnswersNobodyAskedFor_AreDropped(string how, string text)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("pipe").Http("web", http.Url));

        foreach (var server in (string[])["pipe", "web"])
        {
            Task<Reply>[] neighbours = [.. Enumerable.Range(0, 10).Select(i =>
                router.Stdio.CallAsync(server + "_ledger", $"{{\"nonce\":\"{how}{i}\",\"delayMs\":200}}"))];
            Verdict.Text(text, await router.Stdio.CallAsync(server + "_wicked", $"{{\"how\":\"{how}\"}}"));
            for (var i = 0; i < neighbours.Length; i++) Verdict.Ledger(server, $"{how}{i}", await neighbours[i]);
        }

        Verdict.NoStrays(router.Stdio);
    }

    [Fact(Timeout = 60_000)]
    public async Task Cancel_ServerAnswersAfterwards_AnswerIsDropped()
    {
        var journal = new JournalFile(_folder);
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("late", journal.Member));
        Verdict.Ledger("late", "0", await router.Stdio.CallAsync("late_ledger", "{\"nonce\":\"0\"}"));

        var call = router.Stdio.RequestAsync("\"c\"", "tools/call", "{\"name\":\"late_wicked\",\"arguments\":{\"how\":\"lateAfterCancel\"}}");
        await Task.Delay(200);
        await router.Stdio.CancelAsync("\"c\"");
        Verdict.Ledger("late", "1", await router.Stdio.CallAsync("late_ledger", "{\"nonce\":\"1\",\"delayMs\":300}"));

        Assert.Single(journal.Received("notifications/cancelled"));
        Assert.False(call.IsCompleted, "a canceled request was answered");
        Verdict.NoStrays(router.Stdio);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_NeverAnswered_IsAnErrorInTimeAndCanceledUpstream(bool modern)
    {
        var journal = new JournalFile(_folder);
        var script = $"\"era\":\"{(modern ? "Modern" : "Legacy")}\",{journal.Member}";
        await using var router = await Router.StdioAsync(new Config(new Marker()).Stdio("mute", script, "\"callTimeout\":\"1s\""), modern);
        if (!modern) await router.Stdio.InitializeAsync();
        Verdict.Ledger("mute", "0", await router.Stdio.CallAsync("mute_ledger", "{\"nonce\":\"0\"}"));
        var begun = Stopwatch.GetTimestamp();

        var reply = await router.Stdio.CallAsync("mute_wicked", "{\"how\":\"never\"}");

        var took = Stopwatch.GetElapsedTime(begun);
        Verdict.RouterError(reply, "mute");
        Assert.InRange(took, TimeSpan.FromSeconds(0.95), TimeSpan.FromSeconds(2));
        Verdict.Ledger("mute", "1", await router.Stdio.CallAsync("mute_ledger", "{\"nonce\":\"1\"}"));
        Assert.Single(journal.Received("notifications/cancelled"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_NeverAnsweredOverHttp_IsAnErrorInTime()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"mute\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("mute", http.Url, "\"callTimeout\":\"1s\""));

        Verdict.RouterError(await router.Stdio.CallAsync("mute_wicked", "{\"how\":\"never\"}", TimeSpan.FromSeconds(6)), "mute");
        Verdict.Ledger("mute", "1", await router.Stdio.CallAsync("mute_ledger", "{\"nonce\":\"1\"}"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_SlowWithProgress_OutlivesTheTimeout()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("slow", more: "\"callTimeout\":\"1s\""));

        var reply = await router.Stdio.CallAsync("slow_wicked", "{\"how\":\"slowProgress\",\"steps\":5,\"everyMs\":500}", progressToken: "\"t\"");

        Verdict.Text("at last", reply);
        Assert.Equal(5, router.Stdio.Notifications("notifications/progress").Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_ProgressForOthersTokens_OnlyTheOwnArrives()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("pipe").Http("web", http.Url));

        foreach (var server in (string[])["pipe", "web"])
            Verdict.Text("done", await router.Stdio.CallAsync(server + "_wicked", "{\"how\":\"foreignProgress\"}", progressToken: "\"mine\""));

        var seen = router.Stdio.Notifications("notifications/progress");
        Assert.Equal(["own", "own"], seen.Select(n => n.At("params", "message").Str()));
        Assert.All(seen, n => Assert.Equal("\"mine\"", n.At("params", "progressToken").GetRawText()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_FloodOfNotifications_AnswersStillArrive()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("flood").Stdio("well"));

        var flood = router.Stdio.CallAsync("flood_wicked", "{\"how\":\"flood\",\"count\":20000}");
        for (var i = 0; i < 20; i++) Verdict.Ledger("well", $"{i}", await router.Stdio.CallAsync("well_ledger", $"{{\"nonce\":\"{i}\"}}"));

        Verdict.Text("20000", await flood);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("exit")]
    [InlineData("crash")]
    [InlineData("exitHalfway")]
    public async Task Call_ServerDies_AllInFlightFailAtOnceAndTheNextWorks(string how)
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("mortal", more: "\"sharing\":\"shared\""));
        Verdict.Ledger("mortal", "0", await router.Stdio.CallAsync("mortal_ledger", "{\"nonce\":\"0\"}"));
        Task<Reply>[] inFlight = [.. Enumerable.Range(0, 20).Select(i => router.Stdio.CallAsync("mortal_ledger", $"{{\"nonce\":\"f{i}\",\"delayMs\":30000}}"))];
        await Task.Delay(100);
        var begun = Stopwatch.GetTimestamp();

        var reply = await router.Stdio.CallAsync("mortal_wicked", $"{{\"how\":\"{how}\"}}");
        var others = await Task.WhenAll(inFlight);

        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(1.5), $"{Stopwatch.GetElapsedTime(begun)}");
        Verdict.RouterError(reply, "mortal");
        Assert.All(others, r => Verdict.RouterError(r, "mortal"));
        Verdict.Ledger("mortal", "1", await router.Stdio.CallAsync("mortal_ledger", "{\"nonce\":\"1\"}"));
        Verdict.NoStrays(router.Stdio);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Legacy")]
    [InlineData("Modern")]
    public async Task Call_StreamClosedBeforeTheAnswer_IsAnErrorAtOnce(string era)
    {
        await using var http = await WickedHttp.StartAsync($"\"name\":\"web\",\"era\":\"{era}\"");
        await using var router = await Router.StdioAsync(new Config(new Marker()).Http("web", http.Url), era == "Modern");
        if (era == "Legacy") await router.Stdio.InitializeAsync();

        Verdict.RouterError(await router.Stdio.CallAsync("web_wicked", "{\"how\":\"closeStream\"}", TimeSpan.FromSeconds(5)), "web");
        Verdict.Ledger("web", "1", await router.Stdio.CallAsync("web_ledger", "{\"nonce\":\"1\"}"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_StreamClosedAfterAnEventId_IsResumed()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("web", http.Url));

        Verdict.Text("resumed", await router.Stdio.CallAsync("web_wicked", "{\"how\":\"closeStream\",\"resume\":true}", TimeSpan.FromSeconds(10)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_HttpServerKilled_IsAnErrorAndTheNextWaitsUntilItIsBack()
    {
        var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("web", http.Url));
        Verdict.Ledger("web", "0", await router.Stdio.CallAsync("web_ledger", "{\"nonce\":\"0\"}"));
        var inFlight = router.Stdio.CallAsync("web_ledger", "{\"nonce\":\"1\",\"delayMs\":30000}");
        await Task.Delay(200);

        await http.DisposeAsync();
        Verdict.RouterError(await inFlight.WaitAsync(TimeSpan.FromSeconds(3)), "web");
        var waiting = router.Stdio.CallAsync("web_ledger", "{\"nonce\":\"2\"}", TimeSpan.FromSeconds(20));

        await using var again = await WickedHttp.StartAsync("\"name\":\"web\"", http.Url.Port);

        Verdict.Ledger("web", "2", await waiting);
    }

    [Fact(Timeout = 120_000)]
    public async Task Calls_ServerCrashesAgainAndAgain_EachEndsOnceAndNoneIsSentTwice()
    {
        var journal = new JournalFile(_folder);
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("frail", $"\"crashAtRequest\":60,{journal.Member}", "\"sharing\":\"shared\""));
        int answered = 0, failed = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            var reply = await router.Stdio.CallAsync("frail_ledger", $"{{\"nonce\":\"{i}\",\"delayMs\":20}}");
            if (reply.Code is null)
            {
                Verdict.Ledger("frail", $"{i}", reply);
                Interlocked.Increment(ref answered);
                return;
            }

            Verdict.RouterError(reply, "frail");
            Interlocked.Increment(ref failed);
        });

        Assert.Equal(300, answered + failed);
        Assert.True(answered > 0 && failed > 0, $"{answered} answered, {failed} failed");
        var nonces = journal.Received("tools/call").Select(f => f.At("params", "arguments", "nonce").Str()).ToArray();
        Assert.Equal(nonces.Length, nonces.Distinct().Count());
        Verdict.NoStrays(router.Stdio);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_ServerStopped_IsAnErrorAndItsLateAnswerIsDropped()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("frozen", more: "\"callTimeout\":\"1s\""));
        var first = await router.Stdio.CallAsync("frozen_ledger", "{\"nonce\":\"0\"}");
        var pid = first.Result.At("structuredContent", "pid").GetInt32();
        Assert.Equal(0, Posix.Kill(pid, Posix.Stop));
        for (var i = 0; i < 500 && !Posix.IsStopped(pid); i++) await Task.Delay(10);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => router.Stdio.CallAsync("frozen_ledger", $"{{\"nonce\":\"s{i}\"}}")));
        Assert.Equal(0, Posix.Kill(pid, Posix.Continue));

        Assert.All(replies, r => Verdict.RouterError(r, "frozen"));
        Verdict.Ledger("frozen", "1", await router.Stdio.CallAsync("frozen_ledger", "{\"nonce\":\"1\"}"));
        Verdict.NoStrays(router.Stdio);
    }

    /// <summary>What stands in the pipe of a server that is gone was read by nobody, so it may be sent again, once.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Call_ServerKilledBeforeItReadIt_IsAnsweredByTheNextOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells what of a pipe was read");
        var config = new Config(new Marker()).Stdio("frozen");
        await using var router = await Router.LegacyAsync(config);
        var first = await router.Stdio.CallAsync("frozen_ledger", "{\"nonce\":\"0\"}");
        var pid = first.Result.At("structuredContent", "pid").GetInt32();
        Assert.Equal(0, Posix.Kill(pid, Posix.Stop));
        for (var i = 0; i < 500 && !Posix.IsStopped(pid); i++) await Task.Delay(10);

        Task<Reply>[] calls = [.. Enumerable.Range(0, 100).Select(i => router.Stdio.CallAsync("frozen_ledger", $"{{\"nonce\":\"s{i}\"}}"))];
        await Task.Delay(300);
        Assert.Equal(0, Posix.Kill(pid, Posix.Kill9));

        var lost = (await Task.WhenAll(calls)).Count(static c => c.Code is not null);
        Assert.True(lost == 0, $"{lost} of {calls.Length} were lost");
        for (var i = 0; i < calls.Length; i++) Verdict.Ledger("frozen", $"s{i}", await calls[i]);
        Verdict.NoStrays(router.Stdio);
    }

    public void Dispose() => _folder.Dispose();
}
