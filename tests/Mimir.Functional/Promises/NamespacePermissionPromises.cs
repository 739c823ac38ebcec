using System.Collections.Concurrent;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Promises;

/// <summary>What users of a router with namespaces are promised about who may call what, and about lists that are not held up.</summary>
public sealed class NamespacePermissionPromises
{
    /// <summary>
    /// "Tool access follows a four-tier resolution: server global deny; explicit tool permission; per-server default; namespace default; allow."
    /// Each case says of <c>a.read_file</c>, <c>a.write_file</c> and <c>a.whoami</c> which are there.
    /// </summary>
    [Theory(Timeout = 120_000)]
    [InlineData("nothing else applies: allow", "", "", "", "read_file whoami write_file")]
    [InlineData("namespace default", "", "\"denyByDefault\": true", "", "")]
    [InlineData("server default over namespace default", "", "\"denyByDefault\": true, \"serverDefaults\": { \"a\": false }", "", "read_file whoami write_file")]
    [InlineData("server default denies", "", "\"serverDefaults\": { \"a\": true }", "", "")]
    [InlineData("explicit over server default", "", "\"serverDefaults\": { \"a\": true }", "read_file:true", "read_file")]
    [InlineData("explicit deny over server default", "", "\"denyByDefault\": true, \"serverDefaults\": { \"a\": false }", "read_file:false", "whoami write_file")]
    [InlineData("explicit over namespace default", "", "\"denyByDefault\": true", "whoami:true", "whoami")]
    [InlineData("explicit deny where all is allowed", "", "", "whoami:false", "read_file write_file")]
    [InlineData("global deny over explicit allow", "write_file", "\"denyByDefault\": true", "write_file:true read_file:true", "read_file")]
    public async Task Tiers_TheFirstThatSpeaksDecides_InListsAndCalls(string tier, string denied, string space, string permissions, string expected)
    {
        var entries = permissions.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split(':')).Select(p => $$"""{ "namespace": "work", "server": "a", "toolName": "{{p[0]}}", "enabled": {{p[1]}} }""");
        var config = NamespaceRouterPromises.Config(["a"], $$"""
            "namespaces": { "work": { "serverIds": ["a"]{{(space.Length == 0 ? "" : "," + space)}} } }, "toolPermissions": [{{string.Join(',', entries)}}]
            """, "work");
        if (denied.Length > 0) config.File("./config.json", config.Files["./config.json"].Replace("\"command\"", $"\"deniedTools\": [\"{denied}\"], \"command\"", StringComparison.Ordinal));
        await using var router = await Router.LegacyAsync(config);

        var names = (await NamespaceRouterPromises.NamesAsync(router)).Select(n => n["a.".Length..]).ToArray();
        Assert.True(expected == string.Join(' ', names), $"{tier}: {string.Join(' ', names)}");
        foreach (var tool in new[] { "read_file", "write_file", "whoami" })
        {
            Assert.True(names.Contains(tool) == ((await router.Stdio.CallAsync("a." + tool)).Code is null), $"{tier}: {tool}");
        }

        // "No permissions: Unlike tools, resources and prompts have no permission layer."
        Assert.Equal(["a.sum_up"], (await router.Stdio.AskAsync("prompts/list")).Result.At("prompts").Names());
        Assert.Equal("a", (await router.Stdio.AskAsync("resources/read", "\"uri\":\"file:///a/readme.md\"")).Result.At("contents")[0].At("text").Str());
    }

    /// <summary>"The server-level global deny applies even without a namespace."</summary>
    [Fact(Timeout = 120_000)]
    public async Task GlobalDeny_AppliesEvenWithoutANamespace()
    {
        var config = NamespaceRouterPromises.Config(["a"], null, null);
        await using var router = await Router.LegacyAsync(config.File("./config.json", config.Files["./config.json"].Replace("\"command\"", "\"deniedTools\": [\"write_file\"], \"command\"", StringComparison.Ordinal)));

        Assert.Equal(["a.read_file", "a.whoami"], await NamespaceRouterPromises.NamesAsync(router));
        Assert.NotNull((await router.Stdio.CallAsync("a.write_file")).Code);
    }

    /// <summary>server deny-tool, permission set, permission set-server-default, namespace set-deny-default, server allow-tool: by their own names, while it runs.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Commands_OfPermissions_ChangeWhatARunningRouterGives()
    {
        var marker = new Marker();
        using var home = new Secrets.SecretHome();
        await using var router = await Router.LegacyAsync(new Config(marker).StartedThere().File("example.py", ExampleServer.Text)
            .File("servers/a.json", $$"""{ "command": "python3", "args": ["example.py", "a"], "env": { "{{Marker.Variable}}": "{{marker.Word}}", "{{Marker.Role}}": "a" } }""")
            .File("namespaces/work.json", """{ "servers": ["a"] }"""));
        Assert.Equal(3, (await router.Stdio.ToolNamesAsync()).Length);

        await ThenAsync("namespace set-deny-default work true", "");
        await ThenAsync("permission set work a read_file allow", "a_read_file");
        await ThenAsync("permission set-server-default work a allow", "a_read_file a_whoami a_write_file");
        await ThenAsync("server deny-tool a write_file", "a_read_file a_whoami");
        await ThenAsync("permission set work a write_file allow", "a_read_file a_whoami");
        await ThenAsync("server allow-tool a write_file", "a_read_file a_whoami a_write_file");
        Assert.Single(marker.Pids("a"));

        async Task ThenAsync(string command, string expected)
        {
            var (code, _, words) = await home.RunAsync("", [.. command.Split(' '), "--config", router.Folder]);
            Assert.True(code == 0, $"{command}: {words}");
            await router.UntilAsync(async () => string.Join(' ', (await router.Stdio.ToolNamesAsync()).Order(StringComparer.Ordinal)) == expected);
        }
    }

    /// <summary>"On initialize, mcpmu advertises tools.listChanged: true. Non-blocking initialize. Lazy server start."</summary>
    [Fact(Timeout = 120_000)]
    public async Task Initialize_AnswersAtOnceAndStartsNobody()
    {
        await using var router = await Router.StdioAsync(NamespaceRouterPromises.Config(["late:600", "other:600"], null, null));
        var reply = await router.Stdio.InitializeAsync();

        Assert.True(reply.Result.At("capabilities", "tools", "listChanged").GetBoolean(), reply.ToString());
        Assert.Empty(router.Marker.Living("late"));
        Assert.Empty(router.Marker.Living("other"));
    }

    /// <summary>
    /// "It waits up to a grace period and returns the tools that are already ready. Any remaining discovery continues in the background. If it makes progress, mcpmu
    /// sends notifications/tools/list_changed."
    /// </summary>
    [Fact(Timeout = 120_000)]
    public async Task FirstList_WithOneThatIsLate_ReturnsTheReadyAndTellsOfTheOtherWhenItIsThere()
    {
        await using var router = await OpenWithNewsAsync(NamespaceRouterPromises.Config(["ready", "late:12"], "\"limits\": { \"listGrace\": \"5s\" }", null));
        Assert.Equal(["ready.read_file", "ready.whoami", "ready.write_file"], await NamespaceRouterPromises.NamesAsync(router.Router));
        Assert.DoesNotContain("notifications/tools/list_changed", router.News);

        await router.Router.UntilAsync(() => Task.FromResult(router.News.Contains("notifications/tools/list_changed")));
        Assert.Equal(6, (await router.Router.Stdio.ToolNamesAsync()).Length);
    }

    /// <summary>"Config reloads that may change the visible tool set also send notifications/tools/list_changed."</summary>
    [Fact(Timeout = 120_000)]
    public async Task Reload_OfItsConfig_TellsClientsThatTheListHasChanged()
    {
        await using var router = await OpenWithNewsAsync(NamespaceRouterPromises.Config(["a"], null, null));
        Assert.Equal(3, (await router.Router.Stdio.ToolNamesAsync()).Length);

        await File.WriteAllTextAsync(Path.Combine(router.Router.Folder, "config.json"), NamespaceRouterPromises.Text(router.Router.Marker, ["a", "b"], null));

        await router.Router.UntilAsync(async () => router.News.Contains("notifications/tools/list_changed") && (await router.Router.Stdio.ToolNamesAsync()).Length == 6);
    }

    /// <summary>"Graceful degradation: If one server fails, others still work."</summary>
    [Fact(Timeout = 120_000)]
    public async Task OneServerFails_TheOthersStillWork()
    {
        var config = NamespaceRouterPromises.Config(["good", "bad"], null, null);
        await using var router = await Router.LegacyAsync(config.File("./config.json", config.Files["./config.json"].Replace("\"example.py\", \"bad\"", "\"nosuch.py\"", StringComparison.Ordinal)));

        Assert.Equal(["good.read_file", "good.whoami", "good.write_file"], await NamespaceRouterPromises.NamesAsync(router));
        Assert.Equal("good whoami ", (await router.Stdio.CallAsync("good.whoami")).ToolText);
    }

    private static async Task<Watched> OpenWithNewsAsync(Config config)
    {
        var router = await Router.LegacyAsync(config);
        var news = new ConcurrentQueue<string>();
        router.Stdio.OnNotification = n => news.Enqueue(n.At("method").Str() ?? "");
        return new Watched(router, news);
    }

    private sealed record Watched(Router Router, ConcurrentQueue<string> News) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Router.DisposeAsync();
    }
}
