using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Faults;

/// <summary>Servers whose bytes are no clean frames.</summary>
public sealed class FramingFaultTests
{
    private const string Sharing = "\"sharing\":\"shared\"";

    [Theory(Timeout = 60_000)]
    [InlineData("\"garbageEvery\":1")]
    [InlineData("\"halfLines\":true")]
    [InlineData("\"garbageEvery\":2,\"halfLines\":true,\"stderrBytes\":20000000")]
    public async Task Calls_NoisyChild_AllAnswered(string script)
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("noisy", script));

        await LedgerCallsAsync(router.Stdio, "noisy", 60);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("\"garbageEvery\":1,\"alwaysSse\":true")]
    [InlineData("\"halfLines\":true,\"alwaysSse\":true")]
    public async Task Calls_NoisyEventStream_AllAnswered(string script)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"noisy\"," + script);
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("noisy", http.Url));

        await LedgerCallsAsync(router.Stdio, "noisy", 60);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("""{"how":"garbage"}""", "clean")]
    [InlineData("""{"how":"halfThenWhole"}""", "whole")]
    [InlineData("""{"how":"drip"}""", "dripped é€𝄞")]
    [InlineData("""{"how":"stderr","bytes":30000000}""", "shouted")]
    public async Task Call_BadBytesBeforeTheAnswer_AnswerArrives(string arguments, string text)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("pipe").Http("web", http.Url));

        Verdict.Text(text, await router.Stdio.CallAsync("pipe_wicked", arguments));
        Verdict.Text(text, await router.Stdio.CallAsync("web_wicked", arguments));
        Verdict.NoStrays(router.Stdio);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_EndlessLine_EndsOnlyThatChild()
    {
        var config = new Config(new Marker()).Stdio("endless", more: Sharing).Stdio("well", more: Sharing).Limits("\"maxMessageBytes\":1048576");
        await using var router = await Router.LegacyAsync(config);
        Verdict.Ledger("well", "0", await router.Stdio.CallAsync("well_ledger", "{\"nonce\":\"0\"}"));
        var bystander = router.Stdio.CallAsync("well_ledger", "{\"nonce\":\"1\",\"delayMs\":2000}");
        Verdict.Ledger("endless", "0", await router.Stdio.CallAsync("endless_ledger", "{\"nonce\":\"0\"}"));
        var child = Assert.Single(router.Marker.Living("endless")).Pid;
        var begun = Stopwatch.GetTimestamp();

        var victim = router.Stdio.CallAsync("endless_ledger", "{\"nonce\":\"2\",\"delayMs\":30000}");
        var reply = await router.Stdio.CallAsync("endless_wicked", "{\"how\":\"endless\"}");

        Verdict.RouterError(reply, "endless");
        Verdict.RouterError(await victim, "endless");
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(5), $"{Stopwatch.GetElapsedTime(begun)}");
        Verdict.Ledger("well", "1", await bystander);
        Verdict.Ledger("endless", "3", await router.Stdio.CallAsync("endless_ledger", "{\"nonce\":\"3\"}"));
        await GoneAsync(router, "endless", child);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_ChildClosesItsOutputAndLives_IsEnded()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("mute", "\"ignoreEof\":true", Sharing));
        Verdict.Ledger("mute", "0", await router.Stdio.CallAsync("mute_ledger", "{\"nonce\":\"0\"}"));
        var child = Assert.Single(router.Marker.Living("mute")).Pid;

        Verdict.RouterError(await router.Stdio.CallAsync("mute_wicked", "{\"how\":\"closeOutput\"}"), "mute");

        Verdict.Ledger("mute", "1", await router.Stdio.CallAsync("mute_ledger", "{\"nonce\":\"1\"}"));
        await GoneAsync(router, "mute", child);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_EndlessEvent_EndsOnlyThatCall()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"endless\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Http("endless", http.Url, Sharing).Limits("\"maxMessageBytes\":1048576"));

        Verdict.RouterError(await router.Stdio.CallAsync("endless_wicked", "{\"how\":\"endless\"}"), "endless");
        Verdict.Ledger("endless", "1", await router.Stdio.CallAsync("endless_ledger", "{\"nonce\":\"1\"}"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(8_000_000)]
    public async Task Call_HugeResultWithinLimits_ArrivesWhole(int bytes)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("pipe").Http("web", http.Url));

        foreach (var server in (string[])["pipe", "web"])
        {
            var reply = await router.Stdio.CallAsync(server + "_wicked", $"{{\"how\":\"huge\",\"bytes\":{bytes}}}");
            Assert.True(reply.ToolText?.Length == bytes && reply.ToolText.All(c => c == 'h'), $"{server}: {reply}");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_ResultWithUnusualJson_BytesAreUntouched()
    {
        const string result = """{ "content":[],"structuredContent" : {"a":1.0,"b":-0,"c":1e400,"d":"\u0041\/\ud834\udd1e","e":[ 1 ,2 ],"f":123456789012345678901234567890},"x-unknown":{"id":7} }""";
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("pipe").Http("web", http.Url));

        foreach (var server in (string[])["pipe", "web"])
        {
            var reply = await router.Stdio.CallAsync(server + "_wicked", $"{{\"how\":\"verbatim\",\"result\":{result}}}");
            Assert.Equal(result, reply.Result.GetRawText());
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_BatchFromA202503Server_IsTakenApart()
    {
        var config = new Config(new Marker()).Stdio("batcher", "\"revisions\":[\"2025-03-26\"]");
        await using var router = await Router.LegacyAsync(config);

        Verdict.Text("batched", await router.Stdio.CallAsync("batcher_wicked", "{\"how\":\"batch\"}"));
        Verdict.NoStrays(router.Stdio);
    }

    /// <summary>Waits until one child has ended and only the one that took its place is left.</summary>
    private static async Task GoneAsync(Router router, string role, int pid)
    {
        var begun = Stopwatch.GetTimestamp();
        IReadOnlyList<(int Pid, string Command)> living;
        while ((living = router.Marker.Living(role)).Any(p => p.Pid == pid) && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(8))
        {
            await Task.Delay(50);
        }

        Assert.NotEqual(pid, Assert.Single(living).Pid);
    }

    private static async Task LedgerCallsAsync(RawClient client, string server, int count)
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
            client.CallAsync(server + "_ledger", $"{{\"nonce\":\"{i}\",\"progress\":2}}", progressToken: $"{i}")));
        for (var i = 0; i < count; i++) Verdict.Ledger(server, $"{i}", replies[i]);
        Assert.Equal(2 * count, client.Notifications("notifications/progress").Length);
        Verdict.NoStrays(client);
    }
}
