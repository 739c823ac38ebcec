using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Faults;

/// <summary>Servers that misbehave before they can be spoken to.</summary>
public sealed class ProbeFaultTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory(Timeout = 120_000)]
    [InlineData("Answer")]
    [InlineData("Fail")]
    [InlineData("Exit")]
    [InlineData("Hang")]
    [InlineData("Garbage")]
    public async Task Call_LegacyServerMeetsProbeBadly_IsSpokenToInItsEra(string reaction)
    {
        var journal = new JournalFile(_folder);
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("old", $"\"onProbe\":\"{reaction}\",{journal.Member}"));

        Verdict.Ledger("old", "n", await router.Stdio.CallAsync("old_ledger", "{\"nonce\":\"n\"}"));
        Verdict.Ledger("old", "m", await router.Stdio.CallAsync("old_ledger", "{\"nonce\":\"m\"}"));

        // A client of its own era needs no probe, so there is nothing to go wrong.
        Assert.Equal(1, journal.Launches);
        Assert.Single(journal.Received("initialize"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("\"era\":\"Modern\"")]
    [InlineData("\"era\":\"Dual\"")]
    public async Task Call_ModernServer_IsNeverInitialized(string script)
    {
        var journal = new JournalFile(_folder);
        await using var router = await Router.StdioAsync(new Config(new Marker()).Stdio("new", $"{script},{journal.Member}"), modern: true);

        Verdict.Ledger("new", "n", await router.Stdio.CallAsync("new_ledger", "{\"nonce\":\"n\"}"));

        Assert.Equal(1, journal.Launches);
        Assert.Empty(journal.Received("initialize"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_ModernServerNeedsLongToStart_IsAnsweredByItsFirstProcess()
    {
        var journal = new JournalFile(_folder);
        await using var router = await Router.StdioAsync(new Config(new Marker()).Stdio("slow", $"\"era\":\"Modern\",\"startDelayMs\":6500,{journal.Member}"), modern: true);

        Verdict.Ledger("slow", "n", await router.Stdio.CallAsync("slow_ledger", "{\"nonce\":\"n\"}"));

        Assert.Equal(1, journal.Launches);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("", false, "")]
    [InlineData("\"sseOnly\":true", true, "")]
    [InlineData("\"sseOnly\":true", true, "\"type\":\"sse\"")]
    [InlineData("\"sseOnly\":true", true, "\"protocol\":\"sse\"")]
    [InlineData("", false, "\"protocol\":\"2025-06-18\"")]
    public async Task Call_LegacyServerBehindUrl_IsFound(string script, bool sse, string more)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"" + (script.Length == 0 ? "" : "," + script));
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("web", sse ? http.Sse : http.Url, more));

        Verdict.Ledger("web", "n", await router.Stdio.CallAsync("web_ledger", "{\"nonce\":\"n\"}"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("\"onInitialize\":\"Hang\"")]
    [InlineData("\"onInitialize\":\"Exit\"")]
    [InlineData("\"onInitialize\":\"Fail\"")]
    [InlineData("\"startDelayMs\":60000")]
    [InlineData("\"failLaunches\":1000")]
    public async Task Call_ServerNeverReady_IsAnErrorInTimeAndOthersWork(string script)
    {
        var journal = new JournalFile(_folder);
        var config = new Config(new Marker()).Stdio("dead", $"{script},{journal.Member}", "\"startupTimeout\":\"2s\"").Stdio("well");
        await using var router = await Router.LegacyAsync(config.Limits("\"listGrace\":\"500ms\""));
        var begun = Stopwatch.GetTimestamp();

        var dead = router.Stdio.CallAsync("dead_ledger", "{\"nonce\":\"n\"}");
        Verdict.Ledger("well", "w", await router.Stdio.CallAsync("well_ledger", "{\"nonce\":\"w\"}"));
        var reply = await dead;

        // A tool that was never listed may as well be unknown; then there is no server to name.
        Assert.True(reply.Code is not null, reply.ToString());
        if (reply.Code != -32602) Verdict.RouterError(reply, "dead");
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10), $"{Stopwatch.GetElapsedTime(begun)}");
        Assert.Equal(["well_ledger", "well_wicked", "well_echo"], await router.Stdio.ToolNamesAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_ChildDiesWithWordsOnStderr_TheOperatorReadsThemAndTheClientHowItEnded()
    {
        const string script = "echo early >&2; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do echo $i >&2; done; printf 'Cannot find module \\033[31m\\n' >&2; exit 3";
        var config = new Config(new Marker()).Child("broken", "/bin/sh", ["-c", script]).Child("quiet", "/bin/sh", ["-c", "exit 4"]).Limits("\"listGrace\":\"100ms\"");
        await using var router = await Router.LegacyAsync(config);

        var reply = await router.Stdio.CallAsync("broken_any");
        var quiet = await router.Stdio.CallAsync("quiet_any");

        Assert.EndsWith("it exited with code 3; what it last wrote to stderr is on the stderr of Mimir.", reply.Error.At("message").Str(), StringComparison.Ordinal);
        Assert.EndsWith("it exited with code 4.", quiet.Error.At("message").Str(), StringComparison.Ordinal);
        const string told = "mimir: server 'broken' is backoff, was starting (generation 0): Server 'broken' ended";
        for (var begun = Stopwatch.GetTimestamp(); !router.Words.Contains(told, StringComparison.Ordinal) && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10);) await Task.Delay(20);
        Assert.Contains("mimir: Server 'broken' exited with code 3. It last wrote to stderr:\n  1\n", router.Words, StringComparison.Ordinal);
        Assert.Contains("  19\n  Cannot find module \\x1b[31m", router.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("early", router.Words, StringComparison.Ordinal);
        Assert.Contains(told, router.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Server 'quiet' exited with code 4. It last wrote", router.Words, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task List_ChildDiesWithWordsOnStderr_TheyAreShown()
    {
        var config = new Config(new Marker()).Child("broken", "/bin/sh", ["-c", "echo Cannot find module >&2; exit 3"]);

        var (_, words) = await Router.RunAsync(config, "list");

        Assert.Contains("mimir: Server 'broken' exited with code 3. It last wrote to stderr:\n  Cannot find module", words, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_FirstLaunchesFail_ServerIsStartedAgain()
    {
        var journal = new JournalFile(_folder);
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("shaky", $"\"failLaunches\":2,{journal.Member}"));

        Reply reply;
        var begun = Stopwatch.GetTimestamp();
        do
        {
            reply = await router.Stdio.CallAsync("shaky_ledger", "{\"nonce\":\"n\"}");
            if (reply.Code is not null) await Task.Delay(200);
        }
        while (reply.Code is not null && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(20));

        Verdict.Ledger("shaky", "n", reply);
        Assert.InRange(journal.Launches, 3, 8);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_CommandDoesNotExist_IsAnErrorAndOthersWork()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Child("gone", "/no/such/program", []).Stdio("well"));

        var reply = await router.Stdio.CallAsync("gone_ledger");

        Assert.True(reply.Code is not null, reply.ToString());
        Verdict.Ledger("well", "w", await router.Stdio.CallAsync("well_ledger", "{\"nonce\":\"w\"}"));
    }

    public void Dispose() => _folder.Dispose();
}
