using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Direct;

/// <summary>The wicked server misbehaves as it is told. Without this the faults that the router is put through might not be any.</summary>
public sealed class WickedTests
{
    [Theory]
    [InlineData("Legacy", "2024-11-05")]
    [InlineData("Dual", "2025-11-25")]
    public async Task Handshake_Legacy_AnswersTheRevisionAskedFor(string era, string revision)
    {
        await using var http = await WickedHttp.StartAsync($"\"era\":\"{era}\"");
        await using var client = new LegacyHttpClient(http.Url.ToString());

        await client.InitializeAsync(revision);

        Assert.Equal(revision, client.Revision);
        Assert.Equal(["ledger", "wicked", "echo"], await client.ToolNamesAsync());
    }

    [Fact]
    public async Task Discover_Modern_AnswersAndRefusesInitialize()
    {
        await using var server = WickedPipe.Start("\"era\":\"Modern\"");

        var discovered = await server.Client.RequestAsync("1", "server/discover", Envelope.Params());
        var initialized = await server.Client.InitializeAsync();

        Assert.Equal("2026-07-28", discovered.Result.At("supportedVersions")[0].Str());
        Assert.Equal(-32022, initialized.Code);
    }

    [Fact]
    public async Task Post_ModernWithoutMirrorHeaders_IsRefused()
    {
        await using var http = await WickedHttp.StartAsync("\"era\":\"Modern\"");
        var body = $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{Envelope.Params()}}}";

        var reply = await RawHttp.ExchangeAsync("POST", http.Url.ToString(), body, ("Accept", "application/json, text/event-stream"));

        Assert.Equal((400, -32020), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("twice", 1)]
    [InlineData("strangers", 7)]
    [InlineData("garbage", 9)]
    [InlineData("halfThenWhole", 1)]
    [InlineData("exitHalfway", 0)]
    public async Task Call_Mischief_LeavesStrays(string how, int atLeast)
    {
        await using var server = WickedPipe.Start();
        await server.Client.InitializeAsync();

        await server.Client.CallAsync("wicked", $"{{\"how\":\"{how}\"}}");
        if (how != "exitHalfway") await server.Client.CallAsync("echo");
        else await server.Process.WaitForExitAsync().WaitAsync(RawClient.Patience);

        Assert.True(server.Client.Strays.Count >= atLeast, string.Join('\n', server.Client.Strays));
    }

    [Fact]
    public async Task Call_LateAfterCancel_AnswersOnlyThen()
    {
        await using var server = WickedPipe.Start();
        await server.Client.InitializeAsync();

        var call = server.Client.RequestAsync("7", "tools/call", "{\"name\":\"wicked\",\"arguments\":{\"how\":\"lateAfterCancel\"}}");
        await server.Client.CallAsync("echo");
        Assert.False(call.IsCompleted);
        await server.Client.CancelAsync("7");

        Assert.Equal("late", (await call).ToolText);
    }

    [Theory]
    [InlineData("Hang")]
    [InlineData("Exit")]
    [InlineData("Garbage")]
    public async Task Probe_Reaction_IsNoAnswer(string reaction)
    {
        await using var server = WickedPipe.Start($"\"onProbe\":\"{reaction}\"");

        var probe = server.Client.RequestAsync("0", "server/discover", Envelope.Params());

        if (reaction == "Exit")
        {
            Assert.Null((await probe).Text);
            return;
        }

        Assert.Null((await server.Client.InitializeAsync()).Code);
        Assert.False(probe.IsCompleted);
    }

    [Theory]
    [InlineData("Plain")]
    [InlineData("Setsid")]
    [InlineData("SetsidIgnoreTerm")]
    [InlineData("HoldStdout")]
    [InlineData("Unmarked")]
    public async Task Grandchild_ServerKilled_StaysBehind(string kind)
    {
        var marker = new Marker();
        await using (var server = WickedPipe.Start($"\"grandchild\":\"{kind}\"", marker)) await server.Client.InitializeAsync();

        var left = marker.Living();
        foreach (var (pid, _) in left) _ = Posix.Kill(pid, Posix.Kill9);

        Assert.Contains(left, p => p.Command.StartsWith("sleep 120", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Grandchild_Restless_IsAnotherProcessEachTimeItIsLookedFor()
    {
        var marker = new Marker();
        await using (var server = WickedPipe.Start("\"grandchild\":\"Restless\"", marker)) await server.Client.InitializeAsync();
        var seen = new HashSet<int>();
        try
        {
            for (var end = Environment.TickCount64 + 30_000; seen.Count < 5 && Environment.TickCount64 < end; await Task.Delay(10)) seen.UnionWith(marker.Living().Select(p => p.Pid));
        }
        finally
        {
            // It leaves while it is killed; in the long run the one who looks is faster.
            for (var end = Environment.TickCount64 + 120_000; marker.Living() is { Count: > 0 } left && Environment.TickCount64 < end;)
            {
                foreach (var (pid, _) in left) _ = Posix.Kill(pid, Posix.Kill9);
            }
        }

        Assert.True(seen.Count >= 5, string.Join(", ", seen));
        Assert.Empty(marker.Living());
    }

    [Fact]
    public async Task Stubborn_EndOfInputAndTerm_LivesOn()
    {
        await using var server = WickedPipe.Start("\"ignoreEof\":true,\"ignoreTerm\":true");
        await server.Client.InitializeAsync();

        server.Client.CloseInput();
        _ = Posix.Kill(server.Process.Id, Posix.Term);

        await Assert.ThrowsAsync<TimeoutException>(() => server.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Lists_PagesAndCycle_GoOnForEver()
    {
        await using var server = WickedPipe.Start("\"pages\":3,\"filler\":9,\"cursorCycle\":true");
        await server.Client.InitializeAsync();
        var seen = new List<string>();
        var cursor = "";

        for (var page = 0; page < 4; page++)
        {
            var reply = await server.Client.AskAsync("tools/list", cursor);
            seen.AddRange(reply.Result.At("tools").Names());
            cursor = "\"cursor\":" + reply.Result.At("nextCursor").GetRawText();
        }

        Assert.Equal(16, seen.Count);
        Assert.Equal(12, seen.Distinct().Count());
    }

    [Fact]
    public async Task Session_ExpiresAfterCalls_Is404()
    {
        await using var http = await WickedHttp.StartAsync("\"expireAfter\":2");
        await using var client = new LegacyHttpClient(http.Url.ToString());
        await client.InitializeAsync();

        Assert.Equal(200, (await client.CallAsync("echo")).Status);
        Assert.Equal(200, (await client.CallAsync("echo")).Status);
        Assert.Equal(404, (await client.CallAsync("echo")).Status);
    }

    [Fact]
    public async Task CloseStream_WithAndWithoutResume_EndsWithoutAnswer()
    {
        await using var http = await WickedHttp.StartAsync("");
        await using var client = new LegacyHttpClient(http.Url.ToString());
        await client.InitializeAsync();

        Assert.Null((await client.CallAsync("wicked", "{\"how\":\"closeStream\"}")).Text);
        Assert.Null((await client.CallAsync("wicked", "{\"how\":\"closeStream\",\"resume\":true}")).Text);
        Assert.True(client.Events.TryDequeue(out var cut));
        await client.StreamAsync(cut.Event.Id);

        await client.NotificationAsync(_ => false, TimeSpan.FromMilliseconds(200)).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Contains(client.Strays, s => s.Contains("resumed", StringComparison.Ordinal));
    }

    [Fact]
    public void Script_UnknownKey_IsRefused()
    {
        Assert.Throws<System.Text.Json.JsonException>(() => Wicked.ScriptReader.Read(["--nonsense", "1"]));
        Assert.Throws<System.Text.Json.JsonException>(() => Wicked.ScriptReader.Read(["--onProbe", "Dance"]));
    }
}
