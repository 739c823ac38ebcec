using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Audit;

/// <summary>What a real router keeps of what its clients call and of what changes, whoever they are and however it ends.</summary>
public sealed class AuditTests
{
    private const string Canary = "canary-1f2e3d";

    [Fact(Timeout = 120_000)]
    public async Task Calls_OfEveryKindOfClient_AreKept()
    {
        await using var router = await Router.HttpAsync(Servers());
        RawClient[] clients = [await router.LegacyClientAsync("2025-03-26"), await router.LegacyClientAsync(), router.ModernClient(), await router.SseClientAsync()];
        foreach (var client in clients)
        {
            await client.ToolNamesAsync();
            Assert.Null((await client.CallAsync("files_echo", $"{{\"text\":\"{Canary}\"}}")).Code);
        }

        var records = await Journal.WaitAsync(router, 4);

        Assert.Equal(["http", "http", "http", "sse"], records.Select(r => r.At("transport").Str()));
        Assert.Equal(["2025-03-26", "2025-11-25", "2026-07-28", "2024-11-05"], records.Select(r => r.At("revision").Str()));
        Assert.All(records, r =>
        {
            Assert.Equal(("tools/call", "files", "echo", "files_echo", "allow", "ok"), (r.At("method").Str(), r.At("server").Str(), r.At("name").Str(), r.At("as").Str(), r.At("decision").Str(), r.At("outcome").Str()));
            Assert.Equal(1, r.At("attempts").GetInt32());
            Assert.True(r.At("in").GetInt32() > 50 && r.At("out").GetInt32() > 50, r.ToString());
            Assert.Contains("/", r.At("client").Str(), StringComparison.Ordinal);
        });
        Assert.Single(records.Select(r => r.At("args").Str()).Distinct());
        Assert.DoesNotContain(Canary, await File.ReadAllTextAsync(Journal.Of(router), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True((await Journal.VerifyAsync(Journal.Of(router))).At("whole").GetBoolean());
    }

    [Fact(Timeout = 120_000)]
    public async Task Ends_OfEveryKind_AreToldApart()
    {
        await using var router = await Router.LegacyAsync(Servers());
        var client = router.Stdio;
        await client.ToolNamesAsync();
        Assert.NotNull((await client.CallAsync("files_ledger", $"{{\"nonce\":\"{Canary}\"}}")).Code);
        Assert.NotNull((await client.CallAsync("files_nosuch", $"{{\"x\":\"{Canary}\"}}")).Code);
        Assert.NotNull((await client.AskAsync("resources/read", "\"uri\":\"none://such\"")).Code);
        await client.AskAsync("prompts/get", $"\"name\":\"files_greet\",\"arguments\":{{\"who\":\"{Canary}\"}}");
        var hanging = client.RequestAsync("\"gone\"", "tools/call", "{\"name\":\"files_wicked\",\"arguments\":{\"how\":\"never\"}}");
        await client.CallAsync("files_echo");
        await client.CancelAsync("\"gone\"");
        await Journal.WaitAsync(router, 6);
        await client.CallAsync("mortal_wicked", "{\"how\":\"crash\"}");
        Assert.NotNull((await client.AskAsync("ping")).Root.ToString());

        var records = await Journal.WaitAsync(router, 7);

        string[] expected =
        [
            "tools/call ledger deny error", "tools/call files_nosuch deny error", "resources/read none://such deny error", "prompts/get greet allow ok",
            "tools/call echo allow ok", "tools/call wicked allow canceled", "tools/call wicked allow lost",
        ];
        Assert.Equal(expected, records.Where(r => r.At("kind").Str() == "call").Select(r => $"{r.At("method").Str()} {r.At("name").Str()} {r.At("decision").Str()} {r.At("outcome").Str()}"));
        Assert.Contains("deniedTools", records[0].At("reason").Str(), StringComparison.Ordinal);
        Assert.Equal(-31003, records[6].At("code").GetInt32());
        Assert.DoesNotContain(Canary, await File.ReadAllTextAsync(Journal.Of(router), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        _ = hanging;
    }

    [Fact(Timeout = 120_000)]
    public async Task ToolErrorsOwnToolsAndMetaMode_AreKeptAsTheToolItself()
    {
        var config = Servers().Top("\"management\":{\"tools\":true},\"namespaces\":{\"meta\":{\"servers\":[\"files\",\"mimir\"],\"mode\":\"meta\"}},\"defaultNamespace\":\"meta\"");
        await using var router = await Router.LegacyAsync(config);

        await router.Stdio.CallAsync("mcp_router_list");
        var reply = await router.Stdio.CallAsync("mcp_router_call", "{\"instance_name\":\"files\",\"tool_name\":\"echo\",\"arguments\":{\"text\":\"x\"}}");
        await router.Stdio.CallAsync("mcp_router_call", "{\"instance_name\":\"files\",\"tool_name\":\"nosuch\"}");
        await router.Stdio.CallAsync("mcp_router_call", "{\"instance_name\":\"mimir\",\"tool_name\":\"get_backend_health\",\"arguments\":{\"backend_name\":\"no\"}}");

        Assert.True(reply.Code is null, reply.ToString());
        var records = await Journal.WaitAsync(router, 4);
        Assert.Equal(
            ["-/ allow", "files/echo allow ok", "-/nosuch deny tool_error", "mimir/get_backend_health allow tool_error"],
            records.Select((r, i) => i == 0 ? "-/ allow" : $"{r.At("server").Str() ?? "-"}/{r.At("name").Str()} {r.At("decision").Str()} {r.At("outcome").Str()}"));
        Assert.All(records, r => Assert.Equal("meta", r.At("namespace").Str()));
    }

    [Fact(Timeout = 120_000)]
    public async Task Changes_OfTheConfiguration_AreKept()
    {
        var marker = new Marker();
        await using var router = await Router.LegacyAsync(Servers(marker));
        await router.RewriteAsync(Servers(marker).Stdio("more"));
        await Journal.WaitAsync(router, 1);
        await router.RewriteAsync("{");
        var records = await Journal.WaitAsync(router, 2);

        Assert.Equal(["reload", "reload_refused"], records.Select(r => r.At("change").Str()));
        Assert.Contains("added more", records[0].At("detail").Str(), StringComparison.Ordinal);
        Assert.True(records[1].At("count").GetInt32() >= 1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Routers_OfOneUser_KeepOneChain()
    {
        using var folder = new TempFolder();
        var path = folder.File("audit.log");
        var shared = $"\"audit\":{{\"path\":{JsonSerializer.Serialize(path)},\"maxBytes\":\"64KiB\",\"keep\":100}}";
        var routers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Router.LegacyAsync(Servers().Top(shared))));
        await Task.WhenAll(routers.Select(async router =>
        {
            for (var i = 0; i < 10; i++) await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => router.Stdio.CallAsync("files_echo")));
        }));
        foreach (var router in routers) await router.DisposeAsync();

        var verdict = await Journal.VerifyAsync(path);
        Assert.Equal(600, verdict.At("records").GetInt32());
        Assert.True(verdict.At("files").GetArrayLength() > 1);

        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Replace("\"ok\"", "\"oK\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal("edited", (await Journal.VerifyAsync(path, code: 1)).At("problems")[0].At("kind").Str());
    }

    [Fact(Timeout = 120_000)]
    public async Task Durable_TheLogCannotBeWritten_NothingIsServed()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("file"), "x", TestContext.Current.CancellationToken);
        var (code, words) = await Router.RunAsync(Servers().Top($"\"audit\":{{\"mode\":\"durable\",\"path\":{JsonSerializer.Serialize(folder.File("file"))}}}"), "serve");

        Assert.Equal(4, code);
        Assert.Contains("cannot be written", words, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Durable_TheLogIsSpoiledMeanwhile_CallsAreRefusedUntilItIsMended()
    {
        await using var router = await Router.HttpAsync(Servers().Top("\"audit\":{\"mode\":\"durable\"}"));
        var client = router.ModernClient();
        Assert.Null((await client.CallAsync("files_echo")).Code);
        var log = Journal.Of(router);
        File.Move(log, log + ".kept");
        await File.WriteAllTextAsync(log, "spoiled\n", TestContext.Current.CancellationToken);

        Assert.Contains("has run", (await client.CallAsync("files_echo")).ToString(), StringComparison.Ordinal);
        var refused = await client.CallAsync("files_echo");
        Assert.Equal(-31004, refused.Code);
        Assert.Contains(log, refused.ToString(), StringComparison.Ordinal);

        File.Move(log + ".kept", log, overwrite: true);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await client.CallAsync("files_echo")).Code is not null) await Task.Delay(50, limit.Token);
        Assert.True((await Journal.VerifyAsync(log)).At("whole").GetBoolean());
        Assert.Contains(Journal.Read(log), r => r.At("change").Str() == "suppressed");
    }

    private static Config Servers(Marker? marker = null) => new Config(marker ?? new Marker()).Stdio("files", more: "\"deniedTools\":[\"ledger\"]").Stdio("mortal");
}
