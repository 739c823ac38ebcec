using System.Text;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Listeners;

/// <summary><c>mimir serve</c>: either era on one pipe, and nothing but protocol on stdout.</summary>
public sealed class StdioListenerTests
{
    private static Config Both => new Config(new Marker()).Stdio("old").Stdio("new", "\"era\":\"Modern\"");

    [Fact(Timeout = 60_000)]
    public async Task Requests_OfBothErasOnOnePipe_EachIsAnsweredInItsOwn()
    {
        await using var router = await Router.StdioAsync(Both);
        var client = router.Stdio;

        var discovered = await client.RequestAsync("\"d\"", "server/discover", Envelope.Params());
        var before = await client.RequestAsync("0", "tools/call", Envelope.Params("\"name\":\"new_ledger\",\"arguments\":{\"nonce\":\"a\"}"));
        var initialized = await client.InitializeAsync();
        var legacy = client.RequestAsync("0", "tools/call", "{\"name\":\"old_ledger\",\"arguments\":{\"nonce\":\"b\",\"delayMs\":200}}");
        var after = await client.RequestAsync("\"0\"", "tools/call", Envelope.Params("\"name\":\"new_ledger\",\"arguments\":{\"nonce\":\"c\"}"));

        Assert.Equal("complete", discovered.Result.At("resultType").Str());
        Verdict.Ledger("new", "a", before);
        Assert.Equal("complete", before.Result.At("resultType").Str());
        Assert.Equal("2025-11-25", initialized.Result.At("protocolVersion").Str());
        Verdict.Ledger("new", "c", after);
        Verdict.Ledger("old", "b", await legacy);
        Assert.Equal(System.Text.Json.JsonValueKind.Undefined, (await legacy).Result.At("resultType").ValueKind);
        Verdict.NoStrays(client);
    }

    [Fact(Timeout = 60_000)]
    public async Task Initialize_InAModernEnvelope_IsUnknownThere()
    {
        await using var router = await Router.StdioAsync(Both);

        Assert.Equal(-32601, (await router.Stdio.RequestAsync("1", "initialize", Envelope.Params())).Code);
        Assert.Equal("2025-11-25", (await router.Stdio.InitializeAsync()).Result.At("protocolVersion").Str());
    }

    [Fact(Timeout = 60_000)]
    public async Task Request_LegacyBeforeInitialize_IsRefusedExceptPing()
    {
        await using var router = await Router.StdioAsync(Both);

        Assert.NotNull((await router.Stdio.RequestAsync("1", "tools/list")).Code);
        Assert.Null((await router.Stdio.RequestAsync("2", "ping")).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Line_NoSoundRequest_IsMetWithAnErrorAndTheNextIsAnswered()
    {
        await using var router = await Router.LegacyAsync(Both.Limits("\"maxMessageBytes\":1048576"));
        byte[][] lines =
        [
            "nonsense\n"u8.ToArray(),
            "\n"u8.ToArray(),
            "\r\n"u8.ToArray(),
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"\n"u8.ToArray(),
            [0xFF, 0xFE, (byte)'{', (byte)'}', (byte)'\n'],
            Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\",\"params\":" + new string('[', 5000) + new string(']', 5000) + "}\n"),
            "[]\n"u8.ToArray(),
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}\n"u8.ToArray(),
            "{\"jsonrpc\":\"2.0\",\"id\":3,\"id\":4,\"method\":\"ping\"}\n"u8.ToArray(),
            "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}\n"u8.ToArray(),
        ];

        foreach (var line in lines)
        {
            await router.Stdio.SendBytesAsync(line);
            Verdict.Text("t", await router.Stdio.CallAsync("old_echo", "{\"text\":\"t\"}"));
        }

        Assert.All(router.Stdio.Strays, stray => Assert.NotNull(new Reply(0, stray).Code));
        Assert.True(router.Stdio.Strays.Count >= 5, string.Join('\n', router.Stdio.Strays));
    }

    [Fact(Timeout = 60_000)]
    public async Task Line_LongerThanTheLimit_IsRefusedAndTheNextIsAnswered()
    {
        await using var router = await Router.LegacyAsync(Both.Limits("\"maxMessageBytes\":1048576"));

        await router.Stdio.SendBytesAsync(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{{\"x\":\"{new string('x', 2 << 20)}\"}}}}\n"));

        Verdict.Text("t", await router.Stdio.CallAsync("old_echo", "{\"text\":\"t\"}"));
        Assert.NotNull(new Reply(0, Assert.Single(router.Stdio.Strays)).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Bytes_CutAnywhere_AreOneRequest()
    {
        await using var router = await Router.LegacyAsync(Both);
        var line = Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":\"cut\",\"method\":\"tools/call\",\"params\":{\"name\":\"old_echo\",\"arguments\":{\"text\":\"é𝄞\"}}}\r\n");

        for (var i = 0; i < line.Length; i++) await router.Stdio.SendBytesAsync(line.AsMemory(i, 1));
        for (var i = 0; i < 200 && router.Stdio.Strays.IsEmpty; i++) await Task.Delay(20);

        Assert.Equal("é𝄞", new Reply(0, Assert.Single(router.Stdio.Strays)).ToolText);
    }

    [Fact(Timeout = 60_000)]
    public async Task Batch_In202503_EveryRequestIsAnswered()
    {
        await using var router = await Router.LegacyAsync(Both, "2025-03-26");

        await router.Stdio.SendAsync("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"no/such\"}]", null);
        for (var i = 0; i < 200 && router.Stdio.Strays.Count < 2; i++) await Task.Delay(20);

        Assert.Equal(["\"1\"", "1"], router.Stdio.Strays.Select(s => new Reply(0, s).Root.At("id").GetRawText()).Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Batch_In202511_IsRefused()
    {
        await using var router = await Router.LegacyAsync(Both);

        await router.Stdio.SendAsync("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", null);
        for (var i = 0; i < 200 && router.Stdio.Strays.IsEmpty; i++) await Task.Delay(20);

        Assert.Equal(-32600, new Reply(0, Assert.Single(router.Stdio.Strays)).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Id_TwiceInFlight_TheFirstIsAnsweredAndTheSecondRefused()
    {
        await using var router = await Router.LegacyAsync(Both);
        var first = router.Stdio.RequestAsync("1", "tools/call", "{\"name\":\"old_ledger\",\"arguments\":{\"nonce\":\"first\",\"delayMs\":500}}");
        await router.Stdio.CallAsync("old_echo", "{\"text\":\"t\"}");

        await router.Stdio.SendAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"old_ledger\",\"arguments\":{\"nonce\":\"second\"}}}", null);
        var reply = await first;
        await router.Stdio.CallAsync("old_ledger", "{\"nonce\":\"third\",\"delayMs\":600}");

        // Whichever comes first ends the wait: both answers carry the same id, and one of them is an error.
        Reply[] both = [reply, .. router.Stdio.Strays.Select(s => new Reply(0, s))];
        Assert.Equal(2, both.Length);
        Assert.Equal(-32600, both.Single(r => r.Code is not null).Code);
        Verdict.Ledger("old", "first", both.Single(r => r.Code is null));
    }

    [Fact(Timeout = 60_000)]
    public async Task Input_Ends_RouterExitsWithZero()
    {
        await using var router = await Router.LegacyAsync(Both);
        await router.Stdio.ToolNamesAsync();

        router.Stdio.CloseInput();
        await router.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, router.Process.ExitCode);
        Assert.Empty(router.Marker.Living());
    }
}
