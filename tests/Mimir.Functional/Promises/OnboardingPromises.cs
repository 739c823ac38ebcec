using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Plugins;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Promises;

/// <summary>What users of the declarative router, of the instance router and of the namespace router are promised about setting up by talking, by its words.</summary>
public sealed class OnboardingPromises : IDisposable
{
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    /// <summary>"When a plugin needs hosts or credentials the operator hasn't supplied, the router exposes a setup_NAME() meta-tool."</summary>
    [Fact(Timeout = 60_000)]
    public async Task PluginThatNeedsHostsOrCredentials_TheRouterExposesItsSetupMetaTool()
    {
        await using var router = await Router.LegacyAsync(Home().Echo()
            .File("plugins/hosts/plugin.toml", Manifest("hosts", "[[requires.hosts]]\ntype = \"linux\"\nprompt = \"Which machines?\""))
            .File("plugins/secrets/plugin.toml", Manifest("secrets", "[[requires.credentials]]\npattern = \"S_TOKEN\"")));
        var names = await router.Stdio.ToolNamesAsync();
        Assert.Contains("setup_hosts", names);
        Assert.Contains("setup_secrets", names);
        Assert.DoesNotContain("setup_echo", names);
    }

    /// <summary>"The LLM walks the operator through what's missing, conversation by conversation": each call tells what is missing then, and what to do next.</summary>
    [Fact(Timeout = 60_000)]
    public async Task TheLlmWalksTheOperatorThroughWhatIsMissing_EachCallTellsWhatIsLeft()
    {
        await using var router = await Router.LegacyAsync(Home("\"management\":{\"tools\":true,\"changes\":true}")
            .File("plugins/hosts/plugin.toml", Manifest("hosts", "[[requires.hosts]]\ntype = \"linux\"\nmin = 2\nprompt = \"Which machines?\"\n[[requires.credentials]]\npattern = \"S_TOKEN\"")));
        var first = await SayAsync(router.Stdio, "setup_hosts");
        Assert.Equal("Which machines?", first.At("missing")[0].At("prompt").Str());
        Assert.Contains("2 more", first.At("next_tool_hint").Str(), StringComparison.Ordinal);
        await SayAsync(router.Stdio, "router_add_host", """{"name":"a","type":"linux","address":"10.0.0.1"}""");
        Assert.Contains("1 more", (await SayAsync(router.Stdio, "setup_hosts")).At("next_tool_hint").Str(), StringComparison.Ordinal);
        await SayAsync(router.Stdio, "router_add_host", """{"name":"b","type":"linux","address":"10.0.0.2"}""");
        Assert.Contains("router_add_credential with ref S_TOKEN", (await SayAsync(router.Stdio, "setup_hosts")).At("next_tool_hint").Str(), StringComparison.Ordinal);
        await _home.SetAsync("S_TOKEN", "canary");
        await router.UntilAsync(async () => !(await router.Stdio.ToolNamesAsync()).Contains("setup_hosts"));
    }

    /// <summary>"Without configuration it serves only meta-tools": with the tools wanted and nothing else, they are all that clients see.</summary>
    [Fact(Timeout = 60_000)]
    public async Task WithoutPlugins_ItServesOnlyMetaTools_AndSaysWhatToDropWhere()
    {
        await using var router = await Router.LegacyAsync(Home("\"management\":{\"tools\":true}"));
        Assert.All(await router.Stdio.ToolNamesAsync(), static n => Assert.True(n.StartsWith("router_", StringComparison.Ordinal) || n.StartsWith("mimir_", StringComparison.Ordinal), n));
        var help = await SayAsync(router.Stdio, "router_help");
        Assert.Contains("plugin.toml", help.At("next_steps").GetRawText(), StringComparison.Ordinal);
        Assert.NotEqual("", help.At("purpose").Str());
    }

    /// <summary>"mcp.router.list / help / use / call": one server's tools by its own name, told apart from those of the same name.</summary>
    [Fact(Timeout = 60_000)]
    public async Task McpRouterTools_ListHelpUseCall_ReachTheInstanceThatIsNamed()
    {
        await using var router = await Router.LegacyAsync(Home("\"management\":{\"tools\":true,\"families\":[\"mcp.router\"]}").Stdio("one").Stdio("two"));
        var listed = JsonElement.Parse((await router.Stdio.CallAsync("mcp.router.list")).ToolText!);
        Assert.Contains(listed.EnumerateArray(), static i => i.At("name").Str() == "one");
        Assert.Contains("\"ledger\"", (await router.Stdio.CallAsync("mcp.router.help")).ToolText, StringComparison.Ordinal);
        Assert.Null((await router.Stdio.CallAsync("mcp.router.use", """{"instance_name":"two"}""")).Code);
        Assert.Contains("two", (await router.Stdio.CallAsync("mcp.router.call", """{"tool_name":"ledger","arguments":{"nonce":"0123456789abcdef0123456789abcdef"}}""")).Text, StringComparison.Ordinal);
        Assert.Contains("one", (await router.Stdio.CallAsync("mcp.router.call", """{"instance_name":"one","tool_name":"ledger","arguments":{"nonce":"1123456789abcdef0123456789abcdef"}}""")).Text, StringComparison.Ordinal);
    }

    /// <summary>"Management tools (need allow_instance_management): mcp.router.add / remove / enable / disable."</summary>
    [Fact(Timeout = 60_000)]
    public async Task McpRouterManagementTools_NeedTheSwitch_AndAreNeitherSeenNorCalledWithoutIt()
    {
        await using (var shut = await Router.LegacyAsync(Home("\"management\":{\"tools\":true,\"families\":[\"mcp.router\"]}").Stdio("one")))
        {
            Assert.DoesNotContain("mcp_router_disable", await shut.Stdio.ToolNamesAsync());
            Assert.NotNull((await shut.Stdio.CallAsync("mcp.router.disable", """{"instance_name":"one"}""")).Code);
        }

        await using var open = await Router.LegacyAsync(Home("\"management\":{\"tools\":true,\"changes\":true,\"families\":[\"mcp.router\"]}").File("servers/.keep", "").Stdio("one"));
        foreach (var tool in (string[])["mcp_router_add", "mcp_router_remove", "mcp_router_enable", "mcp_router_disable"]) Assert.Contains(tool, await open.Stdio.ToolNamesAsync());

        // Written by hand: what would have to be changed is told, and the file stays.
        Assert.Contains("mimir.json", (await open.Stdio.CallAsync("mcp.router.disable", """{"instance_name":"one"}""")).ToolText, StringComparison.Ordinal);
    }

    /// <summary>"Manager tools: mcpmu.servers_list, servers_start, servers_stop, namespaces_list."</summary>
    [Fact(Timeout = 60_000)]
    public async Task McpmuManagerTools_ListStartAndStopServers()
    {
        await using var router = await Router.LegacyAsync(Home("\"management\":{\"tools\":true,\"changes\":true,\"families\":[\"mcpmu\"]}").Stdio("one"));
        Assert.Equal("one", (await SayAsync(router.Stdio, "mcpmu.servers_list")).At("servers")[0].At("id").Str());
        Assert.Equal("ready", (await SayAsync(router.Stdio, "mcpmu.servers_start", """{"server_id":"one"}""")).At("status").Str());
        Assert.Equal("stopped", (await SayAsync(router.Stdio, "mcpmu.servers_stop", """{"server_id":"one"}""")).At("status").Str());
        Assert.NotNull((await router.Stdio.CallAsync("one_echo")).Code);
        Assert.Equal("ready", (await SayAsync(router.Stdio, "mcpmu.servers_start", """{"server_id":"one"}""")).At("status").Str());
        Assert.Null((await router.Stdio.CallAsync("one_echo")).Code);
        Assert.Equal(JsonValueKind.Array, (await SayAsync(router.Stdio, "mcpmu.namespaces_list")).At("namespaces").ValueKind);
    }

    private static async Task<JsonElement> SayAsync(RawClient client, string tool, string arguments = "{}")
    {
        var reply = await client.CallAsync(tool, arguments);
        return JsonElement.Parse(reply.ToolText ?? throw new InvalidOperationException($"{tool}: {reply}"));
    }

    private static string Manifest(string name, string needs) =>
        $"[plugin]\nname = \"{name}\"\nversion = \"1\"\n[runtime]\ncommand = \"{Repository.Wicked}\"\n[security]\ncredential_refs = [\"S_*\"]\n{needs}\n";

    private Config Home(string management = "") => Wanted(new Config(new Marker()), management).Variable("XDG_DATA_HOME", _home.Data).Variable("XDG_STATE_HOME", _home.At("state")).File("plugins/.keep", "");

    private static Config Wanted(Config config, string management) => management.Length == 0 ? config : config.Top(management);
}
