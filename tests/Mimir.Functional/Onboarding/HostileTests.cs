using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Onboarding;

/// <summary>Whatever tools are called with, no command is started that the operator has not confirmed, and nothing is reached.</summary>
public sealed class HostileTests(ITestOutputHelper output) : IDisposable
{
    private readonly SecretHome _home = new();

    private string Trap => _home.At("sprung");

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task EveryTool_WithHostileInput_StartsNothingAndReachesNothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var router = await Router.HttpAsync(Armed());
        var client = await router.LegacyClientAsync(capabilities: """{"elicitation":{"url":{}}}""");
        var before = Files(router);
        var tools = (await client.AskAsync("tools/list")).Result.At("tools").EnumerateArray().Where(static t => t.At("name").Str() != "stays_echo").ToList();
        var own = tools.Where(static t => t.At("name").Str()!.StartsWith("router_", StringComparison.Ordinal) || t.At("name").Str()!.StartsWith("mcp", StringComparison.Ordinal) || t.At("name").Str()!.StartsWith("setup_", StringComparison.Ordinal)).ToList();
        Assert.True(own.Count >= 26, string.Join(' ', own.Select(static t => t.At("name").Str())));

        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/mcp";
        var calls = 0;
        // What leads to something being started, by its own right name and in its own right form.
        foreach (var (name, arguments) in Likely(url))
        {
            var reply = await client.CallAsync(name, arguments);
            Assert.False(reply.ToolText?.Contains("\"ok\":true", StringComparison.Ordinal) == true, $"{name} {arguments}: {reply}");
            calls++;
        }

        foreach (var tool in own)
        {
            foreach (var arguments in Arguments(tool.At("inputSchema"), url))
            {
                foreach (var name in Spellings(tool.At("name").Str()!))
                {
                    var reply = await client.CallAsync(name, arguments, TimeSpan.FromSeconds(60));
                    Assert.True(reply.Root.ValueKind == JsonValueKind.Object, $"{name} {arguments}: {reply}");
                    calls++;
                }
            }
        }

        await Task.Delay(3000);
        Assert.False(File.Exists(Trap), await File.ReadAllTextAsync(Trap + ".who").ContinueWith(static t => t.IsCompletedSuccessfully ? t.Result : "", TaskScheduler.Default));
        Assert.False(listener.Pending(), "something was reached");
        Assert.Equal(before, Files(router).Where(static f => !f.Contains("/inventory/", StringComparison.Ordinal)));
        Assert.Null((await client.CallAsync("stays_echo")).Code);
        output.WriteLine($"{own.Count} tools, {calls} calls");
    }

    [Fact(Timeout = 60_000)]
    public async Task Changes_SwitchedOff_AreNeitherListedNorMadeWhateverTheNameIsWrittenLike()
    {
        await using var router = await Router.HttpAsync(Armed("\"management\":{\"tools\":true,\"families\":[\"mcpmu\",\"mcp.router\"]}"));
        var client = await router.LegacyClientAsync();
        var names = await client.ToolNamesAsync();
        Assert.Contains("router_status", names);
        Assert.Contains("mcpmu_servers_list", names);
        string[] changing = ["router_add_host", "router_add_service", "router_add_credential", "router_enable_plugin", "router_disable_plugin", "router_scaffold_plugin", "mcpmu_servers_start", "mcpmu_servers_stop", "mcpmu_servers_restart", "mcp_router_add", "mcp_router_remove", "mcp_router_enable", "mcp_router_disable"];
        foreach (var tool in changing.SelectMany(Spellings))
        {
            Assert.DoesNotContain(tool, names);
            Assert.Equal(-32602, (await client.CallAsync(tool, """{"name":"off","type":"a","address":"b","server_id":"stays","instance_name":"stays"}""")).Code);
        }

        var install = await client.CallAsync("router_install_plugin", """{"source":"/tmp","execute":true}""");
        Assert.Contains("may change nothing", install.ToolText, StringComparison.Ordinal);
        Assert.Empty(JsonElement.Parse((await _home.RunAsync("", "approve", "--json")).Data).At("waiting").EnumerateArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task Policy_OfSingleTools_DeniesAndConfirms()
    {
        await using var router = await Router.HttpAsync(Armed("\"management\":{\"tools\":true,\"changes\":true,\"policy\":{\"router_add_service\":\"deny\",\"router_add_*\":\"confirm\"}}"));
        var client = await router.LegacyClientAsync();
        Assert.DoesNotContain("router_add_service", await client.ToolNamesAsync());
        Assert.NotNull((await client.CallAsync("router_add_service", """{"name":"a","type":"b","host_ref":"c"}""")).Code);
        Assert.Contains("waits_for_operator", (await client.CallAsync("router_add_host", """{"name":"a","type":"b","address":"c"}""")).ToolText, StringComparison.Ordinal);
        Assert.Contains("\"ok\":true", (await client.CallAsync("router_disable_plugin", """{"name":"waits"}""")).ToolText, StringComparison.Ordinal);
        Assert.Contains("waits_for_operator", (await client.CallAsync("router_enable_plugin", """{"name":"waits"}""")).ToolText, StringComparison.Ordinal);
    }

    /// <summary>For what cannot be kept for him, the operator's word cannot be had: then it is not done.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Policy_ThatWantsTheOperatorsWordForStartsAndStops_LetsNoToolMakeThem()
    {
        await using var router = await Router.HttpAsync(Armed("\"management\":{\"tools\":true,\"changes\":true,\"families\":[\"mcpmu\"],\"policy\":{\"mcpmu_*\":\"confirm\"}}"));
        var client = await router.LegacyClientAsync();
        Assert.Null((await client.CallAsync("stays_echo")).Code);
        foreach (var tool in (string[])["mcpmu_servers_start", "mcpmu_servers_stop", "mcpmu.servers_restart"])
        {
            var answer = await client.CallAsync(tool, """{"server_id":"stays"}""");
            Assert.Contains("management.policy", answer.ToolText, StringComparison.Ordinal);
            Assert.True(answer.Result.At("isError").GetBoolean());
        }

        Assert.Contains("\"status\":\"ready\"", (await client.CallAsync("mcpmu_servers_list")).ToolText, StringComparison.Ordinal);
    }

    /// <summary>A copy of a plugin's folder, as one has it who looks at a newer version: the tools go on.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Plugins_ThatWaitAndHaveOneName_LeaveTheToolsAsTheyAre()
    {
        const string manifest = "[plugin]\nname = \"twin\"\nversion = \"1\"\n[runtime]\ncommand = \"/bin/sh\"\n[security]\ninventory_access = [\"hosts\"]\n[[requires.hosts]]\ntype = \"missing\"\n";
        await using var router = await Router.HttpAsync(Armed().File("plugins/twin/plugin.toml", manifest).File("plugins/twin-copy/plugin.toml", manifest));
        var client = await router.LegacyClientAsync();

        Assert.Contains("twin", (await client.CallAsync("router_status")).ToolText, StringComparison.Ordinal);
        Assert.Single(await client.ToolNamesAsync(), static n => n == "setup_twin");
    }

    private static string[] Files(Router router) => [.. Directory.GetFiles(router.Folder, "*", SearchOption.AllDirectories)
        .Where(static f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Spellings(string name) =>
        name.StartsWith("mcpmu_", StringComparison.Ordinal) ? [name, "mcpmu." + name[6..]]
        : name.StartsWith("mcp_router_", StringComparison.Ordinal) ? [name, "mcp.router." + name[11..]] : [name];

    /// <summary>Arguments that fit a schema and hold what is meant to be taken for something else.</summary>
    private IEnumerable<string> Arguments(JsonElement schema, string url)
    {
        string[] texts =
        [
            $"/bin/sh -c 'touch {Trap}'", $"$(touch {Trap})", $"`touch {Trap}`", $"; touch {Trap}", "../../plugins/off", "off", "stays", "waits", "\"\n[runtime]\ncommand = \"/bin/sh\"", "${HOME}", "", "\u0000", "--upload-pack=sh",
            url, "github:a/b", "/", new string('x', 5000), $"type=\"x\"\n- name: y\n  command: touch {Trap}",
        ];
        yield return "{}";
        yield return "[]";
        foreach (var text in texts)
        {
            yield return JsonSerializer.Serialize(schema.At("properties").EnumerateObject().ToDictionary(static p => p.Name, p => Value(p.Value, text)));
        }
    }

    private static object Value(JsonElement schema, string text) => schema.At("type").Str() switch
    {
        "array" => new[] { text, "-c", text },
        "boolean" => true,
        "integer" => 1,
        "object" => new Dictionary<string, object> { ["command"] = text, ["args"] = new[] { text }, ["env"] = new Dictionary<string, string> { ["LD_PRELOAD"] = text } },
        _ => text,
    };

    private IEnumerable<(string Name, string Arguments)> Likely(string url)
    {
        var run = $"\"command\":\"/bin/sh\",\"args\":[\"-c\",\"touch {Trap}\"]";
        yield return ("router_scaffold_plugin", $"{{\"name\":\"fresh\",{run}}}");
        yield return ("router_enable_plugin", """{"name":"off"}""");
        yield return ("router_install_plugin", $"{{\"source\":\"{_home.At("")}\",\"execute\":true}}");
        yield return ("mcp_router_add", $"{{\"provider_name\":\"fresh\",\"config\":{{{run}}}}}");
        yield return ("mcp_router_add", $"{{\"provider_name\":\"fresh\",\"config\":{{\"url\":\"{url}\"}}}}");
        yield return ("mcp.router.enable", """{"instance_name":"off"}""");
        yield return ("mcp_router_enable", """{"instance_name":"quiet"}""");
        yield return ("mcpmu_servers_start", """{"server_id":"off"}""");
        yield return ("mcpmu.servers_restart", """{"server_id":"quiet"}""");
        yield return ("router_add_host", """{"name":"last","type":"missing","address":"10.0.0.1"}""");
        yield return ("router_remove_plugin", """{"name":"off","execute":true}""");
    }

    /// <summary>A router with a plugin that is off, one that waits for a host, and a server that is off, each of which would spring the trap.</summary>
    private Config Armed(string management = "\"management\":{\"tools\":true,\"changes\":true,\"families\":[\"mcpmu\",\"mcp.router\"]}")
    {
        var spring = $"touch {Trap}; echo $0 > {Trap}.who";
        string Manifest(string name, string top, string more) => $"[plugin]\nname = \"{name}\"\nversion = \"1\"\n{top}\n[runtime]\ncommand = \"/bin/sh\"\nargs = [\"-c\", \"{spring}\", \"{name}\"]\n[security]\ninventory_access = [\"hosts\"]\n{more}\n";
        return new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data).Variable("XDG_STATE_HOME", _home.At("state"))
            .Stdio("stays")
            .Child("quiet", "/bin/sh", ["-c", spring, "quiet"], "\"enabled\":false")
            .File("plugins/off/plugin.toml", Manifest("off", "enabled = false", ""))
            .File("plugins/waits/plugin.toml", Manifest("waits", "", "[[requires.hosts]]\ntype = \"missing\""))
            .Top(management);
    }
}
