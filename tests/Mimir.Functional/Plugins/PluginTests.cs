using System.Collections.Concurrent;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Plugins;

/// <summary>Folders with a <c>plugin.toml</c> before a real router, real clients and real children.</summary>
public sealed class PluginTests(ITestOutputHelper output) : IDisposable
{
    private const int Many = 20;

    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    /// <summary>What the echo plugin's users are promised to see, line by line.</summary>
    [Fact(Timeout = 60_000)]
    public async Task DryRun_EchoPluginThatIsLinkedIn_PrintsTheLinesItIsKnownBy()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("plugins"));
        Directory.CreateSymbolicLink(folder.File("plugins/echo"), Repository.At("samples/plugins/plugins/echo"));

        var (code, data, words) = await _home.RunAsync("", "doctor", "--no-listeners", "--config", folder.File("."));

        Assert.True(code == 0, data + words);
        Assert.StartsWith(
            """
            [mimir] router — profile: default
            [mimir] Core: inventory, secrets, audit, memory(noop)
            [mimir] Inventory: 0 hosts, 0 services
            [mimir] Plugins discovered: 1
            [mimir] Skills: 0  Agents: 0
              - echo v1.0.0: ok

            """.ReplaceLineEndings("\n"),
            data,
            StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Discovery_EchoPlugin_ClientsSeeEchoEchoAndEchoReverse()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker()).Echo());
        foreach (var client in (RawClient[])[await router.LegacyClientAsync(), router.ModernClient(), await router.SseClientAsync()])
        {
            Assert.Equal(
                ["echo_echo", "echo_reverse", "router_help", "router_install_plugin", "router_list_plugins", "router_remove_plugin", "router_status"],
                (await client.ToolNamesAsync()).Order(StringComparer.Ordinal));
            Assert.Equal("hello", (await client.CallAsync("echo_echo", """{"text":"hello"}""")).ToolText);
            Assert.Equal("olleh", (await client.CallAsync("echo_reverse", """{"text":"hello"}""")).ToolText);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Plugin_DroppedFilteredBrokenMendedAndTakenAway_IsFollowedWithoutARestart()
    {
        var manifest = await File.ReadAllTextAsync(Repository.At("samples/plugins/plugins/echo/plugin.toml"));
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("stays").File("plugins/.keep", ""));
        var stays = await StaysAsync(router);
        var client = await router.LegacyClientAsync();
        var news = new ConcurrentQueue<string>();
        client.OnNotification = n => news.Enqueue(n.At("method").Str() ?? "");
        Assert.DoesNotContain("echo_echo", await client.ToolNamesAsync());

        // The manifest comes first, what it starts a moment later, as a copy of a folder has it.
        var folder = Path.Combine(router.Folder, "plugins", "echo");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.toml"), manifest);
        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("names a file that is not there", StringComparison.Ordinal)));
        File.Copy(Repository.At("samples/plugins/plugins/echo/server.py"), Path.Combine(folder, "server.py"));
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("echo_reverse"));
        await router.UntilAsync(() => Task.FromResult(news.Contains("notifications/tools/list_changed")));
        Assert.Equal("ba", (await client.CallAsync("echo_reverse", """{"text":"ab"}""")).ToolText);

        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.toml"), manifest + "\n[tools]\nblacklist = [\"rev*\"]\n");
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("echo_reverse"));
        Assert.NotNull((await client.CallAsync("echo_reverse", """{"text":"ab"}""")).Code);
        Assert.Equal("ab", (await client.CallAsync("echo_echo", """{"text":"ab"}""")).ToolText);

        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.toml"), "[plugin\n");
        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("plugin.toml:1:", StringComparison.Ordinal)));
        Assert.Equal("ab", (await client.CallAsync("echo_echo", """{"text":"ab"}""")).ToolText);

        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.toml"), manifest);
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("echo_reverse"));

        // Another program in the same place is another server.
        var server = Path.Combine(folder, "server.py");
        await File.WriteAllTextAsync(server, (await File.ReadAllTextAsync(server)).Replace("lambda text: text)", "lambda text: text + '!')", StringComparison.Ordinal));
        await router.UntilAsync(async () => (await client.CallAsync("echo_echo", """{"text":"ab"}""")).ToolText == "ab!");

        Directory.Delete(folder, recursive: true);
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("echo_echo"));
        Assert.Equal(stays, router.Marker.Pids("stays"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Plugin_ThatWaitsForAHostAndASecret_RunsOnceBothAreThereAndGetsThem()
    {
        var config = new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data);
        const string Needs = """
            credential_refs = ["PVE_*"]
            inventory_access = ["hosts:type=proxmox"]
            [[requires.hosts]]
            type = "proxmox"
            [[requires.credentials]]
            pattern = "PVE_TOKEN"
            """;
        config.File("plugins/pve/plugin.toml", PluginFolder.Snitch(config, "pve", _home.At("pve"), Needs, "NODES = \"{hosts:type=proxmox:address}\"")).File("inventory/hosts.yaml", "hosts: []\n");
        await using var router = await Router.HttpAsync(config);
        var client = await router.LegacyClientAsync();
        Assert.Empty(await client.ToolNamesAsync());
        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("waits for hosts type=proxmox, credential PVE_TOKEN", StringComparison.Ordinal)));

        await File.WriteAllTextAsync(Path.Combine(router.Folder, "inventory", "hosts.yaml"), "hosts: [{ name: a, type: proxmox, address: 10.0.0.5 }, { name: b, type: linux, address: h }]\n");
        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("waits for credential PVE_TOKEN", StringComparison.Ordinal)));
        await _home.SetAsync("PVE_TOKEN", "canary-token");
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("pve_echo"));

        Assert.Null((await client.CallAsync("pve_echo")).Code);
        var given = Secrets.Snitch.Read(_home.At("pve"));
        Assert.Equal(("10.0.0.5", "canary-token"), (given["NODES"], given["PVE_TOKEN"]));
        Assert.DoesNotContain("canary", router.Words, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Plugins_TwentyThatPrintTheirEnvironment_GetTheirOwnSecretsAndNothingElse()
    {
        var config = new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data).Variable("NOBODYS_SECRET", "canary-nobody");
        await Task.WhenAll(Enumerable.Range(0, Many).Select(i => _home.SetAsync($"T{i:00}_TOKEN", $"canary{i:00}")));
        for (var i = 0; i < Many; i++)
        {
            config.File($"plugins/p{i:00}/plugin.toml", PluginFolder.Snitch(config, $"p{i:00}", _home.At($"p{i:00}"), $"credential_refs = [\"T{i:00}_*\"]", $"DECLARED_{i} = \"d${{NOBODYS_SECRET}}${{secret:T00_TOKEN}}\""));
        }

        await using var router = await Router.HttpAsync(config);
        var client = await router.LegacyClientAsync();
        for (var i = 0; i < Many; i++) Assert.Null((await client.CallAsync($"p{i:00}_echo")).Code);

        var denied = 0;
        for (var i = 0; i < Many; i++)
        {
            var given = Secrets.Snitch.Read(_home.At($"p{i:00}"));
            Assert.Equal($"canary{i:00}", given[$"T{i:00}_TOKEN"]);
            Assert.Equal("d${NOBODYS_SECRET}${secret:T00_TOKEN}", given[$"DECLARED_{i}"]);
            Assert.Single(given.Values, v => v.Contains("canary", StringComparison.Ordinal));
            denied += Enumerable.Range(0, Many).Count(other => other != i && !given.ContainsKey($"T{other:00}_TOKEN"));
        }

        output.WriteLine($"{Many} plugins have their own secret, {denied} times one was not given somebody else's");
        Assert.Equal(Many * (Many - 1), denied);
    }

    private static async Task<HashSet<int>> StaysAsync(Router router)
    {
        Assert.Null((await (await router.LegacyClientAsync()).CallAsync("stays_echo")).Code);
        return await router.Marker.SettledAsync("stays");
    }
}
