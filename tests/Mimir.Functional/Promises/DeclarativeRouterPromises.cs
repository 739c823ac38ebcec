using System.Diagnostics;
using System.Text.Json;
using Mimir.Functional.Audit;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Plugins;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Promises;

/// <summary>What users of a declarative router are promised: plugins that say what they are, an inventory apart from them, and layers of security.</summary>
public sealed class DeclarativeRouterPromises : IDisposable
{
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    /// <summary>"ln -s examples/echo-plugin plugins/echo; router.py --dry-run. Now the client sees echo_echo and echo_reverse" over stdio.</summary>
    [Fact(Timeout = 120_000)]
    public async Task HelloWorld_EchoPluginLinkedIn_DryRunPrintsItsLinesAndAClientSeesItsTools()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("plugins"));
        Directory.CreateSymbolicLink(folder.File("plugins/echo"), Repository.At("samples/plugins/plugins/echo"));
        var (code, data, words) = await _home.RunAsync("", "doctor", "--no-listeners", "--config", folder.File("."));
        Assert.True(code == 0, words);
        Assert.StartsWith(
            "[mimir] router — profile: default\n[mimir] Core: inventory, secrets, audit, memory(noop)\n[mimir] Inventory: 0 hosts, 0 services\n[mimir] Plugins discovered: 1\n[mimir] Skills: 0  Agents: 0\n",
            data,
            StringComparison.Ordinal);

        using var mimir = _home.Start(await Repository.MimirAsync(), [], ["serve", "--config", folder.File(".")]);
        await using var client = new StdioClient(mimir);
        Assert.Null((await client.InitializeAsync()).Code);
        Assert.Equal(["echo_echo", "echo_reverse"], (await client.ServersToolsAsync()).Order(StringComparer.Ordinal));
        Assert.Contains(await client.ToolNamesAsync(), static name => name.StartsWith("router_", StringComparison.Ordinal));
        client.CloseInput();
        await mimir.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>"Drop a plugin.toml next to any MCP server and Mimir discovers it, mounts it under its own namespace and exposes the union. No central config."</summary>
    [Fact(Timeout = 120_000)]
    public async Task DropAPluginToml_NextToAnyServer_ItIsMountedUnderItsNameWithoutACentralConfig()
    {
        var config = new Config(new Marker()).WithoutMain().Echo();
        await using var router = await Router.LegacyAsync(config);
        Assert.Equal(["echo_echo", "echo_reverse"], (await router.Stdio.ServersToolsAsync()).Order(StringComparer.Ordinal));

        var folder = Path.Combine(router.Folder, "plugins", "files");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "server.py"), ExampleServer.Text);
        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.toml"), Manifest("files"));

        string[] union = ["echo_echo", "echo_reverse", "files_read_file", "files_whoami", "files_write_file"];
        await router.UntilAsync(async () => (await router.Stdio.ServersToolsAsync()).Order(StringComparer.Ordinal).SequenceEqual(union));
        Assert.Equal("example whoami ", (await router.Stdio.CallAsync("files_whoami")).ToolText);
    }

    /// <summary>"Plugins ask the router 'give me hosts of type X' — they never hardcode IPs or hostnames."</summary>
    [Fact(Timeout = 120_000)]
    public async Task Plugin_AsksForHostsOfAType_AndIsGivenWhatTheOperatorDescribes()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker()).Asking("nodes", "[\"hosts\"]").File("inventory/hosts.yaml", "hosts: [{ name: a, type: proxmox, address: 10.0.0.1 }, { name: b, type: linux, address: 10.0.0.2 }]\n"));
        var client = await router.LegacyClientAsync();
        async Task<string?> AddressesAsync() => string.Join(' ', JsonElement.Parse((await client.CallAsync("nodes_ask", """{"tool":"inventory_hosts","with":{"type":"proxmox"}}""")).ToolText!).At("hosts").EnumerateArray().Select(h => h.At("address").Str()));
        Assert.Equal("10.0.0.1", await AddressesAsync());

        // Moved machines are a matter of the inventory alone.
        await File.WriteAllTextAsync(Path.Combine(router.Folder, "inventory", "hosts.yaml"), "hosts: [{ name: a, type: proxmox, address: 10.9.9.9 }, { name: c, type: proxmox, address: pve3.lan }]\n");
        await router.UntilAsync(async () => await AddressesAsync() == "10.9.9.9 pve3.lan");
    }

    /// <summary>"Plugins as truly independent MCP servers — usable standalone or mounted."</summary>
    [Fact(Timeout = 60_000)]
    public async Task Plugin_WithoutTheRouter_IsAnMcpServerOfItsOwn()
    {
        using var process = Process.Start(new ProcessStartInfo("python3", [Repository.At("samples/plugins/plugins/echo/server.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await using var client = new StdioClient(process);

        Assert.Null((await client.InitializeAsync()).Code);
        Assert.Equal(["echo", "reverse"], await client.ToolNamesAsync());
        client.CloseInput();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Layer: manifest quarantine.</summary>
    [Fact(Timeout = 120_000)]
    public async Task ManifestQuarantine_OneThatIsBroken_SiblingsLoadAndTheReasonIsTold()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Echo().File("plugins/broken/plugin.toml", "[plugin\n").File("plugins/greedy/plugin.toml", Manifest("greedy", "", "allow_everything = true")).File("plugins/greedy/server.py", ExampleServer.Text));

        Assert.Equal(["echo_echo", "echo_reverse"], (await router.Stdio.ServersToolsAsync()).Order(StringComparer.Ordinal));
        Assert.Contains("broken/plugin.toml: warning: is set aside", router.Words, StringComparison.Ordinal);
        Assert.Contains("allow_everything", router.Words, StringComparison.Ordinal);
    }

    /// <summary>Layer: audit log, of every call to a tool, without what it was given.</summary>
    [Fact(Timeout = 120_000)]
    public async Task AuditLog_EveryCallOfAPluginsTool_IsInItWithoutItsArguments()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker()).Echo());
        var client = await router.LegacyClientAsync();
        Assert.Null((await client.CallAsync("echo_reverse", """{"text":"canary-9c1"}""")).Code);

        var record = Assert.Single(await Journal.WaitAsync(router, 1));
        Assert.Equal(("echo", "reverse", "allow", "ok"), (record.At("server").Str(), record.At("name").Str(), record.At("decision").Str(), record.At("outcome").Str()));
        Assert.DoesNotContain("canary-9c1", record.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>Layers: scoped credential vault, and env scoping across plugins.</summary>
    [Fact(Timeout = 120_000)]
    public async Task CredentialVault_EachPlugin_HasItsOwnSecretsAndNobodyElses()
    {
        await _home.SetAsync("A_TOKEN", "canary-a");
        await _home.SetAsync("B_TOKEN", "canary-b");
        var config = new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data).Variable("C_TOKEN", "canary-c");
        config.File("plugins/a/plugin.toml", PluginFolder.Snitch(config, "a", _home.At("a"), "credential_refs = [\"A_*\"]")).File("plugins/b/plugin.toml", PluginFolder.Snitch(config, "b", _home.At("b"), "credential_refs = [\"B_*\"]"));
        await using var router = await Router.LegacyAsync(config);
        foreach (var name in new[] { "a", "b" }) Assert.Null((await router.Stdio.CallAsync(name + "_echo")).Code);

        Assert.Equal(["canary-a"], Snitch.Read(_home.At("a")).Values.Where(v => v.Contains("canary", StringComparison.Ordinal)));
        Assert.Equal(["canary-b"], Snitch.Read(_home.At("b")).Values.Where(v => v.Contains("canary", StringComparison.Ordinal)));
    }

    /// <summary>Layer: profile gate. It fails closed.</summary>
    [Fact(Timeout = 120_000)]
    public async Task ProfileGate_NamesWhoRuns_AndLetsNobodyRunWhenItCannotBeRead()
    {
        var config = new Config(new Marker()).Echo().File("plugins/files/plugin.toml", Manifest("files")).File("plugins/files/server.py", ExampleServer.Text);
        await using (var gated = await Router.LegacyAsync(config.File("profiles/default.yaml", "enabled_plugins: [files]\n")))
        {
            Assert.All(await gated.Stdio.ServersToolsAsync(), name => Assert.StartsWith("files_", name, StringComparison.Ordinal));
            Assert.NotNull((await gated.Stdio.CallAsync("echo_echo", """{"text":"x"}""")).Code);
        }

        await using var shut = await Router.LegacyAsync(config.File("profiles/default.yaml", "enabled_plugins: [files\n"));
        Assert.Empty(await shut.Stdio.ServersToolsAsync());
    }

    /// <summary>Layer: tool whitelist and blacklist, in lists and calls; the blacklist first, an empty whitelist for all.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("whitelist = [\"read_*\", \"whoami\"]", "read_file whoami")]
    [InlineData("blacklist = [\"write_*\"]", "read_file whoami")]
    [InlineData("whitelist = [\"*_file\"]\nblacklist = [\"write_file\"]", "read_file")]
    [InlineData("whitelist = []", "read_file whoami write_file")]
    public async Task ToolFilter_OfAManifest_HoldsInListsAndCalls(string tools, string expected)
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).File("plugins/files/plugin.toml", Manifest("files", tools)).File("plugins/files/server.py", ExampleServer.Text));

        var names = (await router.Stdio.ServersToolsAsync()).Select(n => n["files_".Length..]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(expected, string.Join(' ', names));
        foreach (var tool in new[] { "read_file", "write_file", "whoami" })
        {
            Assert.Equal(names.Contains(tool), (await router.Stdio.CallAsync("files_" + tool)).Code is null);
        }
    }

    /// <summary>Requirements: a plugin that lacks a host or a credential waits, and what is missing is told with the author's question.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Requirements_ThatAreMissing_AreToldWithTheQuestionOfTheirAuthor()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("plugins/proxmox"));
        File.Copy(Repository.At("samples/plugins/plugins/proxmox/plugin.toml"), folder.File("plugins/proxmox/plugin.toml"));

        var (_, data, _) = await _home.RunAsync("", "doctor", "--no-listeners", "--config", folder.File("."));

        Assert.Contains("proxmox v1.0.0: pending_setup", data, StringComparison.Ordinal);
        Assert.Contains("Which Proxmox node is there: its name and its address?", data, StringComparison.Ordinal);
        Assert.Contains("PROXMOX_*", data, StringComparison.Ordinal);
    }

    private static string Manifest(string name, string tools = "", string security = "credential_refs = []") => $"""
        [plugin]
        name = "{name}"
        version = "1.0.0"
        [runtime]
        entry = "server.py"
        [security]
        {security}
        [tools]
        {tools}
        """;
}
