using System.Collections.Concurrent;
using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Permissions;

/// <summary>Who sees and calls what through a real router: real children, both eras, every door.</summary>
public sealed class NamespaceTests
{
    private const string Two = """
        "namespaces":{
          "work":{"servers":["files","mail"],"permissions":{"mail":{"allowedTools":["echo"]}}},
          "reading":{"servers":["files"],"denyByDefault":true,"permissions":{"files":{"allowedTools":["ledger"]}}}
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact(Timeout = 120_000)]
    public async Task Url_OfANamespace_ListsAndCallsWhatItAllows()
    {
        await using var router = await Router.HttpAsync(Servers().Top(Two));
        foreach (var modern in new[] { false, true })
        {
            await using var reading = await ClientAsync(router, "/reading", modern);
            Assert.Equal(["files_ledger"], await reading.ToolNamesAsync());
            Assert.Null((await reading.CallAsync("files_ledger", "{\"nonce\":\"1\"}")).Code);
            await RefusedAsync(reading, "files_echo", "the namespace reading denies");
            await RefusedAsync(reading, "mail_echo", "Unknown tool");

            await using var work = await ClientAsync(router, "/work", modern);
            var names = await work.ToolNamesAsync();
            Assert.Contains("files_echo", names);
            Assert.DoesNotContain("files_wicked", names);
            Assert.Equal(["mail_echo"], names.Where(n => n.StartsWith("mail", StringComparison.Ordinal)));
            await RefusedAsync(work, "files_wicked", "deniedTools hold it");
            await RefusedAsync(work, "mail_ledger", "the namespace work denies");

            // A server alone: its own keys hold there as well, for names that it does not list too.
            await using var alone = await ClientAsync(router, "/files", modern);
            Assert.DoesNotContain("wicked", await alone.ToolNamesAsync());
            await RefusedAsync(alone, "wicked", "deniedTools hold it");
            Assert.Null((await alone.CallAsync("echo")).Code);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Endpoint_SeveralNamespacesAndNoneChosen_IsRefusedWithAdvice(bool modern)
    {
        await using var router = await Router.HttpAsync(Servers().Top(Two));
        await using RawClient client = modern ? new ModernHttpClient(router.Url) : new LegacyHttpClient(router.Url);
        var reply = modern ? await client.AskAsync("tools/list", "") : await ((LegacyHttpClient)client).InitializeAsync();

        Assert.Equal(-32600, reply.Code);
        Assert.Contains("/mcp/NAME", reply.ToString(), StringComparison.Ordinal);
        Assert.Contains("work, reading", reply.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Endpoint_DefaultNamespace_IsWhatEveryDoorGives()
    {
        await using var router = await Router.HttpAsync(Servers().Top(Two).Top("\"defaultNamespace\":\"reading\""));
        foreach (RawClient client in (RawClient[])[await router.LegacyClientAsync(), router.ModernClient(), await router.SseClientAsync()])
        {
            Assert.Equal(["files_ledger"], await client.ToolNamesAsync());
            await RefusedAsync(client, "files_echo", "the namespace reading denies");
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Stdio_NamespaceOnTheCommandLine_IsTheOneThatIsServed()
    {
        await using var router = await Router.LegacyAsync(Servers().Top(Two).Serve("--namespace", "reading"));
        Assert.Equal(["files_ledger"], await router.Stdio.ToolNamesAsync());

        // It is taken away while it is served: nobody gets more for that.
        await router.RewriteAsync(Servers());
        await UntilAsync(async () => (await router.Stdio.AskAsync("tools/list", "")).Code == -32600);
        Assert.Contains("not in the configuration any more", (await router.Stdio.CallAsync("files_echo")).ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Stdio_NamespaceThatIsNone_IsAnErrorThatNamesThem()
    {
        var (code, words) = await Router.RunAsync(Servers().Top(Two), "serve", "--namespace", "raeding");

        Assert.NotEqual(0, code);
        Assert.Contains("work, reading", words, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Permissions_ChangedWhileClientsAreThere_TellThemAndRestartNothing()
    {
        var marker = new Marker();
        await using var router = await Router.HttpAsync(Servers(marker));
        var legacy = await router.LegacyClientAsync();
        var modern = router.ModernClient();
        var news = new ConcurrentQueue<string>();
        legacy.OnNotification = n => news.Enqueue(n.At("method").Str() ?? "");
        Assert.Contains("mail_echo", await legacy.ToolNamesAsync());
        foreach (var client in (RawClient[])[legacy, modern])
        {
            Assert.Null((await client.CallAsync("mail_echo")).Code);
            Assert.Null((await client.CallAsync("files_echo")).Code);
        }

        var processes = await marker.SettledAsync("files", "mail");
        var open = legacy.CallAsync("mail_ledger", "{\"nonce\":\"1\",\"delayMs\":3000}");

        await router.RewriteAsync(Servers(marker, "\"deniedTools\":[\"echo\",\"ledger\"]"));

        await UntilAsync(() => Task.FromResult(news.Contains("notifications/tools/list_changed")));
        foreach (RawClient client in (RawClient[])[legacy, modern])
        {
            Assert.DoesNotContain("mail_echo", await client.ToolNamesAsync());
            await RefusedAsync(client, "mail_echo", "deniedTools hold it");
            Assert.Null((await client.CallAsync("files_echo")).Code);
        }

        Assert.Null((await open).Code);
        Assert.Equal(processes, marker.Pids("files", "mail"));

        await router.RewriteAsync(Servers(marker));
        await UntilAsync(async () => (await legacy.ToolNamesAsync()).Contains("mail_echo"));
        Assert.Null((await legacy.CallAsync("mail_echo")).Code);
        Assert.Equal(processes, marker.Pids("files", "mail"));
    }

    private static Config Servers(Marker? marker = null, string more = "") =>
        new Config(marker ?? new Marker()).Stdio("files", more: "\"deniedTools\":[\"wicked\"]").Stdio("mail", more: more);

    private static async Task<RawClient> ClientAsync(Router router, string path, bool modern)
    {
        if (modern) return new ModernHttpClient(router.Url + path);
        var client = new LegacyHttpClient(router.Url + path);
        Assert.Null((await client.InitializeAsync()).Code);
        return client;
    }

    private static async Task RefusedAsync(RawClient client, string tool, string why)
    {
        var reply = await client.CallAsync(tool);
        Assert.Equal(-32602, reply.Code);
        Assert.Contains(why, reply.ToString(), StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var begun = Stopwatch.StartNew();
        while (!await condition() && begun.Elapsed < Patience) await Task.Delay(50);
        Assert.True(await condition());
    }
}
