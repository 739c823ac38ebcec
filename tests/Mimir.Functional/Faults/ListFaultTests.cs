using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Promises;

namespace Mimir.Functional.Faults;

/// <summary>Lists: slow, hanging, paged, cyclic, malformed, and changing all the time.</summary>
public sealed class ListFaultTests : IDisposable
{
    private static readonly string[] s_good = ["ledger", "wicked", "echo"];
    private readonly TempFolder _folder = new();

    [Fact(Timeout = 60_000)]
    public async Task ToolsList_MalformedAmongGood_OnlyTheyAreHidden()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("odd", "\"malformed\":true,\"filler\":20").Stdio("well"));

        var names = await router.Stdio.ToolNamesAsync();

        string[] expected = [.. s_good.Concat(Enumerable.Range(0, 20).Select(i => $"filler_{i}")).Select(n => "odd_" + n), .. s_good.Select(n => "well_" + n)];
        Assert.Equal(expected, names);
        Verdict.Ledger("odd", "n", await router.Stdio.CallAsync("odd_ledger", "{\"nonce\":\"n\"}"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Legacy")]
    [InlineData("Modern")]
    public async Task Lists_ManyPages_AllAreFetchedInOrder(string era)
    {
        await using var http = await WickedHttp.StartAsync($"\"name\":\"web\",\"era\":\"{era}\",\"filler\":97,\"pages\":7");
        var config = new Config(new Marker()).Stdio("pipe", $"\"era\":\"{era}\",\"filler\":97,\"pages\":7").Http("web", http.Url);
        await using var router = await Router.StdioAsync(config, era == "Modern");
        if (era == "Legacy") await router.Stdio.InitializeAsync();

        var tools = await router.Stdio.ToolNamesAsync();
        var resources = await router.Stdio.AskAsync("resources/list");
        var templates = await router.Stdio.AskAsync("resources/templates/list");
        var prompts = await router.Stdio.AskAsync("prompts/list");

        string[] names = [.. s_good, .. Enumerable.Range(0, 97).Select(i => $"filler_{i}")];
        Assert.Equal([.. names.Select(n => "pipe_" + n), .. names.Select(n => "web_" + n)], tools);
        Assert.Equal(8, resources.Result.At("resources").GetArrayLength());
        Assert.Equal(2, templates.Result.At("resourceTemplates").GetArrayLength());
        Assert.Equal(["pipe_greet", "web_greet"], prompts.Result.At("prompts").Names());
    }

    [Fact(Timeout = 60_000)]
    public async Task ToolsList_CursorCycle_Ends()
    {
        var journal = new JournalFile(_folder);
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("round", $"\"pages\":3,\"cursorCycle\":true,{journal.Member}"));

        var names = await router.Stdio.ToolNamesAsync();

        Assert.Equal(s_good.Select(n => "round_" + n), names);
        Assert.InRange(journal.Received("tools/list").Count, 3, 6);
        Verdict.Ledger("round", "n", await router.Stdio.CallAsync("round_ledger", "{\"nonce\":\"n\"}"));
    }

    [Fact(Timeout = 60_000)]
    public async Task ToolsList_PageSize_OwnCursorsCoverAllAndBadOnesAreRefused()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("big", "\"filler\":22").Limits("\"pageSize\":10"));

        var first = await router.Stdio.AskAsync("tools/list");
        var names = await router.Stdio.ToolNamesAsync();
        var bad = await router.Stdio.AskAsync("tools/list", "\"cursor\":\"page 1\"");

        Assert.Equal(10, first.Result.At("tools").GetArrayLength());
        Assert.Equal(25, names.Distinct().Count());
        Assert.Equal(25, names.Length);
        Assert.Equal(-32602, bad.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task ToolsList_NothingChanged_SameBytes()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("a", "\"filler\":50").Stdio("b", "\"filler\":50"));
        await using var client = await router.LegacyClientAsync();

        var first = await client.RequestAsync("1", "tools/list");
        var second = await client.RequestAsync("1", "tools/list");
        var other = await (await router.LegacyClientAsync()).RequestAsync("1", "tools/list");

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Text, other.Text);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("\"onInitialize\":\"Hang\",\"onProbe\":\"Hang\"")]
    [InlineData("\"onList\":\"Hang\"")]
    [InlineData("\"startDelayMs\":60000")]
    public async Task ToolsList_OneServerHangs_AnswersWithinTheGrace(string script)
    {
        var config = new Config(new Marker()).Stdio("a").Stdio("stuck", script).Stdio("b");
        await using var router = await Router.LegacyAsync(config.Limits("\"listGrace\":\"1s\""));
        await router.Stdio.CallAsync("a_ledger", "{\"nonce\":\"n\"}");
        await router.Stdio.CallAsync("b_ledger", "{\"nonce\":\"n\"}");
        await router.Stdio.ToolNamesAsync();
        var begun = Stopwatch.GetTimestamp();

        var names = await router.Stdio.ToolNamesAsync();

        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(1.5), $"{Stopwatch.GetElapsedTime(begun)}");
        Assert.Equal([.. s_good.Select(n => "a_" + n), .. s_good.Select(n => "b_" + n)], names);
    }

    [Fact(Timeout = 60_000)]
    public async Task ToolsList_SlowServer_ArrivesLaterWithListChanged()
    {
        var config = new Config(new Marker()).Stdio("fast").Stdio("straggler", "\"startDelayMs\":6000");
        await using var router = await Router.LegacyAsync(config.Limits("\"listGrace\":\"200ms\""));
        var fast = router.Stdio.CallAsync("fast_ledger", "{\"nonce\":\"n\"}");

        var early = await router.Stdio.ToolNamesAsync();
        await fast;
        var seen = router.Stdio.Notifications("notifications/tools/list_changed").Length;
        var changed = router.Stdio.NotificationAsync(_ => router.Stdio.Notifications("notifications/tools/list_changed").Length > seen);
        Assert.DoesNotContain(early, n => n.StartsWith("straggler_", StringComparison.Ordinal));
        await UntilAsync(async () => (await router.Stdio.ToolNamesAsync()).Contains("straggler_ledger"), TimeSpan.FromSeconds(20));

        await changed.WaitAsync(TimeSpan.FromSeconds(2)).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.NotEmpty(router.Stdio.Notifications("notifications/tools/list_changed"));
        var late = await router.Stdio.ToolNamesAsync();
        Assert.Equal([.. s_good.Select(n => "fast_" + n), .. s_good.Select(n => "straggler_" + n)], late);
        Verdict.Ledger("straggler", "n", await router.Stdio.CallAsync("straggler_ledger", "{\"nonce\":\"n\"}"));
    }

    /// <summary>The wire of one request breaks, the session holds: it is asked again, and a call meanwhile is not told that there is no such tool.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Call_ListIsCut_IsNotToldThatTheToolIsUnknown(int cuts)
    {
        await using var server = GuardedServer.Start("Bearer x", cuts);
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("far", server.Url, "\"headers\": { \"Authorization\": \"Bearer x\" }"));

        var first = await router.Stdio.CallAsync("far_enter");

        if (cuts == 1)
        {
            Assert.True(first.ToolText == "let in", $"{first}; {router.Words}");
        }
        else
        {
            Assert.Contains("did not say what it has: tools could not be listed", first.Text, StringComparison.Ordinal);
            Assert.Contains("\"retryable\":true", first.Text, StringComparison.Ordinal);
        }

        await UntilAsync(async () => (await router.Stdio.CallAsync("far_enter")).ToolText == "let in", TimeSpan.FromSeconds(20));
        Assert.Equal(-32602, (await router.Stdio.CallAsync("far_leave")).Code);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Hang")]
    [InlineData("Fail")]
    [InlineData("Exit")]
    public async Task ToolsList_ServerStopsListing_LastKnownGoodIsKept(string reaction)
    {
        var config = new Config(new Marker()).Stdio("moody", $"\"firstListIsGood\":true,\"onList\":\"{reaction}\"").Stdio("well");
        await using var router = await Router.LegacyAsync(config.Limits("\"listGrace\":\"500ms\""));
        string[] all = [.. s_good.Select(n => "moody_" + n), .. s_good.Select(n => "well_" + n)];
        await UntilAsync(async () => (await router.Stdio.ToolNamesAsync()).SequenceEqual(all), TimeSpan.FromSeconds(20));

        var told = await router.Stdio.CallAsync("moody_wicked", "{\"how\":\"listChanged\"}");

        // The list is asked for as soon as the news is out: who exits at that may never answer.
        if (reaction != "Exit") Verdict.Text("changed", told);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(all, await router.Stdio.ToolNamesAsync());
            await Task.Delay(200);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ToolsList_FirstListsFail_TheToolsArriveLaterWithListChanged(int failures)
    {
        var config = new Config(new Marker()).Stdio("warming", $"\"failLists\":{failures}").Stdio("well");
        await using var router = await Router.LegacyAsync(config);
        Assert.Equal(s_good.Select(n => "well_" + n), await router.Stdio.ToolNamesAsync());

        await router.Stdio.NotificationAsync("notifications/tools/list_changed");

        string[] all = [.. s_good.Select(n => "warming_" + n), .. s_good.Select(n => "well_" + n)];
        Assert.Equal(all, await router.Stdio.ToolNamesAsync());
        Verdict.Ledger("warming", "n", await router.Stdio.CallAsync("warming_ledger", "{\"nonce\":\"n\"}"));
    }

    [Fact(Timeout = 60_000)]
    public async Task ToolsList_OneOfTenHangs_TheFirstListKeepsTheGrace()
    {
        var config = new Config(new Marker());
        for (var i = 0; i < 10; i++) config.Stdio($"s{i}", i == 4 ? "\"onList\":\"Hang\"" : "");
        await using var router = await Router.LegacyAsync(config.Limits("\"listGrace\":\"8s\""));
        var begun = Stopwatch.GetTimestamp();

        var names = await router.Stdio.ToolNamesAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(12));
        Assert.DoesNotContain(names, n => n.StartsWith("s4_", StringComparison.Ordinal));
        Assert.NotEmpty(names);
    }

    [Fact(Timeout = 60_000)]
    public async Task ToolsList_TenAreWarm_NeverWaits()
    {
        // A server that does not answer any more costs nothing once its list was seen: the grace is longer than the test.
        var config = new Config(new Marker());
        for (var i = 0; i < 10; i++) config.Stdio($"s{i}", "\"firstListIsGood\":true,\"onList\":\"Hang\"");
        await using var router = await Router.LegacyAsync(config.Limits("\"listGrace\":\"50s\""));
        string[] all = [.. Enumerable.Range(0, 10).SelectMany(i => s_good.Select(n => $"s{i}_{n}"))];
        Assert.Equal(all, await router.Stdio.ToolNamesAsync());
        foreach (var i in Enumerable.Range(0, 10)) Verdict.Text("changed", await router.Stdio.CallAsync($"s{i}_wicked", "{\"how\":\"listChanged\"}"));
        var begun = Stopwatch.GetTimestamp();

        for (var i = 0; i < 20; i++) Assert.Equal(all, await router.Stdio.ToolNamesAsync());

        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10), $"{Stopwatch.GetElapsedTime(begun)}");
    }

    [Fact(Timeout = 60_000)]
    public async Task ToolsList_ServerDied_ItsToolsStay()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("mortal").Stdio("well"));
        var before = await router.Stdio.ToolNamesAsync();

        await router.Stdio.CallAsync("mortal_wicked", "{\"how\":\"crash\"}");

        Assert.Equal(6, before.Length);
        Assert.Equal(before, await router.Stdio.ToolNamesAsync());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ListChanged_ToolAdded_IsToldAndCallable(bool modern)
    {
        await using var http = await WickedHttp.StartAsync($"\"name\":\"web\",\"era\":\"{(modern ? "Modern" : "Legacy")}\"");
        var config = new Config(new Marker()).Stdio("pipe", $"\"era\":\"{(modern ? "Modern" : "Legacy")}\"").Http("web", http.Url);
        await using var router = await Router.StdioAsync(config, modern);
        if (modern)
        {
            _ = router.Stdio.RequestAsync("\"l\"", "subscriptions/listen", Envelope.Params("\"notifications\":{\"toolsListChanged\":true}"));
            await router.Stdio.NotificationAsync("notifications/subscriptions/acknowledged");
        }
        else
        {
            await router.Stdio.InitializeAsync();
        }

        Assert.Equal(6, (await router.Stdio.ToolNamesAsync()).Length);
        foreach (var server in (string[])["pipe", "web"])
        {
            var seen = router.Stdio.Notifications("notifications/tools/list_changed").Length;
            Verdict.Text("added", await router.Stdio.CallAsync(server + "_wicked", "{\"how\":\"addTool\",\"name\":\"filler_new\"}"));
            await UntilAsync(() => Task.FromResult(router.Stdio.Notifications("notifications/tools/list_changed").Length > seen), TimeSpan.FromSeconds(10));
            Assert.Contains(server + "_filler_new", await router.Stdio.ToolNamesAsync());
            Verdict.Text("filler_new", await router.Stdio.CallAsync(server + "_filler_new"));
        }

        if (modern)
        {
            Assert.All(
                router.Stdio.Notifications("notifications/tools/list_changed"),
                n => Assert.Equal("\"l\"", n.At("params", "_meta", "io.modelcontextprotocol/subscriptionId").GetRawText()));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task ListChanged_Storm_IsCalmedDown()
    {
        var journal = new JournalFile(_folder);
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("storm", journal.Member));
        await router.Stdio.ToolNamesAsync();
        var listed = journal.Received("tools/list").Count;

        Verdict.Text("changed", await router.Stdio.CallAsync("storm_wicked", "{\"how\":\"listChanged\",\"count\":2000}"));
        Assert.Equal(3, (await router.Stdio.ToolNamesAsync()).Length);
        await Task.Delay(1500);

        Assert.InRange(journal.Received("tools/list").Count - listed, 1, 50);
        Assert.InRange(router.Stdio.Notifications("notifications/tools/list_changed").Length, 0, 50);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task UntilAsync(Func<Task<bool>> reached, TimeSpan patience)
    {
        for (var begun = Stopwatch.GetTimestamp(); !await reached(); await Task.Delay(50))
            Assert.True(Stopwatch.GetElapsedTime(begun) < patience, $"not reached within {patience}");
    }
}
