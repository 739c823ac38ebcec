using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Onboarding;

/// <summary>What tools ask for and the operator confirms is done, live, and nothing else is.</summary>
public sealed class ApprovalTests : IDisposable
{
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task EveryKindOfChange_Confirmed_IsThereWithoutARestart()
    {
        var config = Open().Stdio("stays");
        await using var router = await Router.HttpAsync(config);
        var client = await router.LegacyClientAsync();
        var wicked = $"\"command\":{JsonSerializer.Serialize(Repository.Wicked)},\"args\":[\"--script\",{JsonSerializer.Serialize("{\"name\":\"x\"}")}]";

        await ConfirmedAsync(router, client, "router_scaffold_plugin", $"{{\"name\":\"fresh\",{wicked},\"description\":\"a \\\"quoted\\\" one\"}}");
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("fresh_echo"));
        Assert.Null((await client.CallAsync("fresh_echo")).Code);

        Assert.Contains("\"current\":false", (await client.CallAsync("router_disable_plugin", """{"name":"fresh"}""")).ToolText, StringComparison.Ordinal);
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("fresh_echo"));
        await ConfirmedAsync(router, client, "router_enable_plugin", """{"name":"fresh"}""");
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("fresh_echo"));

        var source = _home.At("echo-mcp");
        Directory.CreateDirectory(source);
        foreach (var file in Directory.GetFiles(Repository.At("samples/plugins/plugins/echo"))) File.Copy(file, Path.Combine(source, Path.GetFileName(file)));
        File.CreateSymbolicLink(Path.Combine(source, "passwd"), "/etc/passwd");
        var told = JsonElement.Parse((await client.CallAsync("router_install_plugin", $"{{\"source\":\"{source}\"}}")).ToolText!);
        Assert.Equal("manual_instruction", told.At("action").Str());
        Assert.Equal("echo", told.At("target_name").Str());
        var words = await ConfirmedAsync(router, client, "router_install_plugin", $"{{\"source\":\"{source}\",\"execute\":true}}");
        Assert.Contains("entry = \"server.py\"", words, StringComparison.Ordinal);
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("echo_reverse"));
        Assert.Equal("ba", (await client.CallAsync("echo_reverse", """{"text":"ab"}""")).ToolText);
        Assert.False(Path.Exists(Path.Combine(router.Folder, "plugins", "echo", "passwd")));

        await ConfirmedAsync(router, client, "router_remove_plugin", """{"name":"echo","execute":true}""");
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("echo_reverse"));
        Assert.Single(Directory.GetDirectories(Path.Combine(router.Folder, "plugins"), ".removed-echo-*"));

        await ConfirmedAsync(router, client, "mcp.router.add", $"{{\"provider_name\":\"more\",\"config\":{{{wicked}}}}}");
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("more_echo"));
        Assert.Contains("\"ok\":true", (await client.CallAsync("mcp_router_disable", """{"instance_name":"more"}""")).ToolText, StringComparison.Ordinal);
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("more_echo"));
        await ConfirmedAsync(router, client, "mcp_router_enable", """{"instance_name":"more"}""");
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("more_echo"));
        await ConfirmedAsync(router, client, "mcp_router_remove", """{"instance_name":"more"}""");
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("more_echo"));
        Assert.Null((await client.CallAsync("stays_echo")).Code);

        // All of it is in the audit log: what was asked for, and what the operator did.
        var log = await File.ReadAllTextAsync(Path.Combine(_home.At("state"), "mimir", "audit", "audit.log"));
        foreach (var change in (string[])["proposed", "plugin_scaffolded", "plugin_disabled", "plugin_enabled", "plugin_installed", "plugin_removed", "server_added", "server_disabled", "server_enabled", "server_removed"])
            Assert.Contains($"\"change\":\"{change}\"", log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Rejected_IsNeverDoneAndCanBeAskedForAgain()
    {
        await using var router = await Router.HttpAsync(Open().Stdio("stays"));
        var client = router.ModernClient();
        const string add = """{"provider_name":"more","config":{"command":"/bin/true"}}""";
        var first = await TicketAsync(client, "mcp_router_add", add);
        Assert.Equal(0, (await _home.RunAsync("", "reject", first)).Code);
        Assert.NotEqual(0, (await _home.RunAsync("", "reject", first)).Code);
        Assert.NotEqual(0, (await _home.RunAsync("", "approve", first, "--yes")).Code);
        Assert.NotEqual(first, await TicketAsync(client, "mcp_router_add", add));
        Assert.False(File.Exists(Path.Combine(router.Folder, "servers", "more.json")));
    }

    /// <summary>A model that asks without end fills no disk and hides nothing from the operator: it is told, and what waits already stays.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Asked_MoreThanMayWait_IsRefusedWithItsReasonAndWhatWaitsStays()
    {
        await using var router = await Router.HttpAsync(Open().Stdio("stays"));
        var client = router.ModernClient();
        for (var i = 0; i < 32; i++) await TicketAsync(client, "mcp_router_add", $$$"""{"provider_name":"more{{{i}}}","config":{"command":"/bin/true"}}""");

        var refused = await client.CallAsync("mcp_router_add", """{"provider_name":"one","config":{"command":"/bin/true"}}""");

        Assert.Contains("32 changes wait for the operator already. He sees them with: mimir approve", refused.ToolText, StringComparison.Ordinal);
        Assert.Equal(0, (await _home.RunAsync("", "approve", await TicketAsync(client, "mcp_router_add", """{"provider_name":"more7","config":{"command":"/bin/true"}}"""), "--yes")).Code);
        await TicketAsync(client, "mcp_router_add", """{"provider_name":"one","config":{"command":"/bin/true"}}""");
    }

    /// <summary>Two hosts of which each alone starts nothing: whoever confirms the second was not told that it is the last one.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Confirmed_WhatHasComeToStartMoreThanWasShown_IsNotDone()
    {
        var trap = _home.At("sprung");
        await using var router = await Router.HttpAsync(Open("\"management\":{\"tools\":true,\"changes\":true,\"policy\":{\"router_add_*\":\"confirm\"}}")
            .File("plugins/two/plugin.toml", $"[plugin]\nname = \"two\"\nversion = \"1\"\n[runtime]\ncommand = \"/bin/sh\"\nargs = [\"-c\", \"touch {trap}\"]\n[security]\ninventory_access = [\"hosts\"]\n[[requires.hosts]]\ntype = \"box\"\nmin = 2\n"));
        var client = await router.LegacyClientAsync();
        var first = await TicketAsync(client, "router_add_host", """{"name":"a","type":"box","address":"10.0.0.1"}""");
        var second = await TicketAsync(client, "router_add_host", """{"name":"b","type":"box","address":"10.0.0.2"}""");
        Assert.Equal(0, (await _home.RunAsync("", "approve", first, "--yes")).Code);

        var (code, _, words) = await _home.RunAsync("", "approve", second, "--yes");
        Assert.NotEqual(0, code);
        Assert.Contains("was not shown: two", words, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(router.Folder, "inventory", "host-b.yaml")));
        Assert.False(File.Exists(trap));

        var again = await TicketAsync(client, "router_add_host", """{"name":"b","type":"box","address":"10.0.0.2"}""");
        Assert.NotEqual(second, again);
        (code, _, words) = await _home.RunAsync("", "approve", again, "--yes");
        Assert.True(code == 0, words);
        Assert.Contains("would start or reach: two", words, StringComparison.Ordinal);
        await router.UntilAsync(() => Task.FromResult(File.Exists(trap)));
    }

    /// <summary>Names that users of other routers know, beside the tools of servers.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Families_Wanted_AnswerByBothSpellings()
    {
        await using var router = await Router.HttpAsync(Open().Stdio("stays"));
        foreach (var client in (RawClient[])[await router.LegacyClientAsync(), router.ModernClient()])
        {
            foreach (var name in (string[])["mcpmu_servers_list", "mcpmu.servers_list"])
            {
                var server = JsonElement.Parse((await client.CallAsync(name)).ToolText!).At("servers")[0];
                Assert.Equal("stays", server.At("id").Str());
                Assert.Equal("stdio", server.At("kind").Str());
            }

            Assert.Equal("all", JsonElement.Parse((await client.CallAsync("mcpmu.namespaces_list")).ToolText!).At("selection").Str());
            Assert.Contains("stays", (await client.CallAsync("mcp_router_list")).ToolText, StringComparison.Ordinal);
            Assert.Contains("stays", (await client.CallAsync("mcp.router.list")).ToolText, StringComparison.Ordinal);
            Assert.Contains("inputSchema", (await client.CallAsync("mcp.router.help", """{"instance_name":"stays"}""")).ToolText, StringComparison.Ordinal);
            Assert.Equal((await client.CallAsync("stays_echo")).ToolText, (await client.CallAsync("mcp.router.call", """{"instance_name":"stays","tool_name":"echo","arguments":{}}""")).ToolText);
            Assert.Contains("\"ok\":true", (await client.CallAsync("mcpmu.servers_restart", """{"server_id":"stays"}""")).ToolText, StringComparison.Ordinal);
            Assert.NotNull((await client.CallAsync("mcpmu_server_logs", """{"server_id":"stays","lines":5}""")).ToolText);
            Assert.DoesNotContain(await client.ToolNamesAsync(), static n => n.Contains('.', StringComparison.Ordinal));
        }
    }

    private static async Task<string> TicketAsync(RawClient client, string tool, string arguments)
    {
        var reply = await client.CallAsync(tool, arguments);
        return JsonElement.Parse(reply.ToolText!).At("ticket").Str() ?? throw new InvalidOperationException($"{tool}: {reply}");
    }

    /// <summary>Asks, sees that nothing is done, and confirms.</summary>
    private async Task<string> ConfirmedAsync(Router router, RawClient client, string tool, string arguments)
    {
        var before = await client.ToolNamesAsync();
        var ticket = await TicketAsync(client, tool, arguments);
        Assert.Equal(before, await client.ToolNamesAsync());
        var (code, _, words) = await _home.RunAsync("", "approve", ticket, "--yes");
        Assert.True(code == 0, words + router.Words);
        return words;
    }

    private Config Open(string management = "\"management\":{\"tools\":true,\"changes\":true,\"families\":[\"mcpmu\",\"mcp.router\"]}") => new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data).Variable("XDG_STATE_HOME", _home.At("state"))
        .File("plugins/.keep", "").Top(management);
}
