using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Plugins;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Onboarding;

/// <summary>A scripted model with nothing but the tools sets a plugin up, and the operator types the secret into a page.</summary>
public sealed class OnboardingTests(ITestOutputHelper output) : IDisposable
{
    private const string Canary = "canary-7f3a91c0";
    private const string UrlCapability = """{"elicitation":{"url":{}}}""";
    private const string Needs = """
        credential_refs = ["PVE_*"]
        inventory_access = ["hosts:type=proxmox"]
        [[requires.hosts]]
        type = "proxmox"
        min = 2
        prompt = "Which Proxmox machines are there?"
        [[requires.credentials]]
        pattern = "PVE_TOKEN"
        prompt = "An API token with <b>read</b> rights."
        """;

    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Model_WithNothingButTheTools_SetsUpAPluginAndCallsItsTool(bool modern)
    {
        await using var router = await Router.HttpAsync(Waiting());
        await using RawClient client = modern ? router.ModernClient(UrlCapability) : await router.LegacyClientAsync(capabilities: UrlCapability);
        var transcript = new ConcurrentQueue<string>();
        var pages = new ConcurrentQueue<string>();
        client.OnQuestion = question =>
        {
            transcript.Enqueue(question.GetRawText());
            pages.Enqueue(question.At("params").At("url").Str()!);
            _ = Operator.TypeAsync(question.At("params").At("url").Str()!, Canary);
            return "\"result\":{\"action\":\"accept\"}";
        };

        async Task<JsonElement> CallAsync(string tool, string arguments = "{}")
        {
            var reply = await client.CallAsync(tool, arguments, TimeSpan.FromSeconds(60));
            transcript.Enqueue(reply.ToString());
            if (reply.Result.At("resultType").Str() == "input_required")
            {
                var page = reply.Result.At("inputRequests").At("page").At("params").At("url").Str()!;
                pages.Enqueue(page);
                await Operator.TypeAsync(page, Canary);
                reply = await client.AskAsync("tools/call", $"\"name\":\"{tool}\",\"arguments\":{arguments},\"requestState\":{reply.Result.At("requestState").GetRawText()},\"inputResponses\":{{\"page\":{{\"action\":\"accept\"}}}}");
                transcript.Enqueue(reply.ToString());
            }

            Assert.True(reply.ToolText is not null, reply.ToString());
            return JsonElement.Parse(reply.ToolText);
        }

        Assert.Contains("setup_pve", await client.ToolNamesAsync());
        Assert.DoesNotContain("pve_echo", await client.ToolNamesAsync());
        Assert.Contains("setup_pve", (await CallAsync("router_help")).At("next_steps").GetRawText(), StringComparison.Ordinal);
        var setup = await CallAsync("setup_pve");
        Assert.Equal("pending_setup", setup.At("status").Str());
        Assert.Equal(2, setup.At("missing")[0].At("missing").GetInt32());
        Assert.Equal("Which Proxmox machines are there?", setup.At("missing")[0].At("prompt").Str());
        Assert.Contains("router_add_host", setup.At("next_tool_hint").Str(), StringComparison.Ordinal);

        Assert.True((await CallAsync("router_add_host", """{"name":"pve1","type":"proxmox","address":"10.0.0.5","credential_ref":"PVE_TOKEN","tags":["lab"]}""")).At("ok").GetBoolean());
        Assert.Equal(1, (await CallAsync("setup_pve")).At("missing")[0].At("missing").GetInt32());
        Assert.True((await CallAsync("router_add_host", """{"name":"pve2","type":"proxmox","address":"10.0.0.6"}""")).At("ok").GetBoolean());
        setup = await CallAsync("setup_pve");
        Assert.Equal("credential", setup.At("missing")[0].At("kind").Str());

        var given = await CallAsync("router_add_credential", """{"ref":"PVE_TOKEN"}""");
        Assert.True(given.At("ok").GetBoolean(), given.GetRawText());
        Assert.Null((await client.CallAsync("pve_echo")).Code);
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("setup_pve"));
        Assert.Contains("pve_echo", await client.ToolNamesAsync());
        var status = await CallAsync("router_status");
        Assert.Equal(2, status.At("inventory").At("hosts_total").GetInt32());
        Assert.Equal("ok", status.At("plugins")[0].At("status").Str());

        // The plugin has it, and nobody else: no transcript, no log, no file but the vault, where it is not to be read.
        Assert.Equal(Canary, Snitch.Read(_home.At("pve"))["PVE_TOKEN"]);
        Assert.Single(pages);
        Assert.DoesNotContain(transcript, t => t.Contains(Canary, StringComparison.Ordinal));
        Assert.DoesNotContain(Canary, router.Words, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_home.Data)!, "*", SearchOption.AllDirectories).Concat(Directory.GetFiles(router.Folder, "*", SearchOption.AllDirectories)))
        {
            // The locks of processes that run hold nothing, and nobody else may open them. What the plugin wrote down is its own, also
            // where it was ended before it had put that in place.
            if (file != _home.At("pve") && !file.StartsWith(_home.At("pve."), StringComparison.Ordinal) && Path.GetFileName(file) != "lock") Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0, file);
        }

        output.WriteLine($"{transcript.Count} messages in the transcript");
    }

    [Fact(Timeout = 60_000)]
    public async Task Model_WhoseClientOpensNoPages_IsToldHowTheOperatorDoesIt()
    {
        await using var router = await Router.HttpAsync(Waiting());
        foreach (var client in (RawClient[])[await router.LegacyClientAsync(), router.ModernClient(), router.ModernClient("""{"elicitation":{"form":{}}}""")])
        {
            var answer = await client.CallAsync("router_add_credential", """{"ref":"PVE_TOKEN"}""");
            Assert.Contains("mimir secret set PVE_TOKEN", answer.ToolText, StringComparison.Ordinal);
            Assert.Equal("needs_operator", JsonElement.Parse(answer.ToolText!).At("status").Str());
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Credential_SentAsAValueOrForNobody_IsRefusedAndNotRepeated()
    {
        await using var router = await Router.HttpAsync(Waiting());
        var client = router.ModernClient(UrlCapability);
        foreach (var arguments in (string[])[$"{{\"ref\":\"PVE_TOKEN\",\"value\":\"{Canary}\"}}", "{\"ref\":\"AWS_SECRET\"}", "{\"ref\":\"PATH\"}", "{\"ref\":\"../x\"}", $"{{\"ref\":\"PVE_TOKEN\",\"{Canary}\":1}}"])
        {
            var answer = await client.CallAsync("router_add_credential", arguments);
            Assert.True(answer.Result.At("isError").ValueKind == JsonValueKind.True, answer.ToString());
            Assert.DoesNotContain(Canary, answer.Text, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(_home.Vault));
    }

    /// <summary>The last thing that was missing is not supplied by a tool alone: what is started then needs the operator's word.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Host_ThatIsTheLastThingMissing_WaitsForTheOperatorWhoConfirmsOnTheCommandLine()
    {
        await _home.SetAsync("PVE_TOKEN", Canary);
        await using var router = await Router.HttpAsync(Waiting());
        var client = await router.LegacyClientAsync();
        Assert.Contains("\"ok\":true", (await client.CallAsync("router_add_host", """{"name":"pve1","type":"proxmox","address":"10.0.0.5"}""")).ToolText, StringComparison.Ordinal);
        const string last = """{"name":"pve2","type":"proxmox","address":"10.0.0.6"}""";
        var waits = JsonElement.Parse((await client.CallAsync("router_add_host", last)).ToolText!);
        Assert.Equal("waits_for_operator", waits.At("status").Str());
        Assert.Contains("pve", waits.At("would_start").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(waits.At("ticket").Str(), JsonElement.Parse((await client.CallAsync("router_add_host", last)).ToolText!).At("ticket").Str());
        await Task.Delay(1500);
        Assert.Empty(router.Marker.Pids("pve"));

        var (code, data, _) = await _home.RunAsync("", "approve", "--json");
        Assert.Equal(0, code);
        Assert.Equal(waits.At("ticket").Str(), JsonElement.Parse(data).At("waiting")[0].At("ticket").Str());
        var (refused, _, why) = await _home.RunAsync("", "approve", waits.At("ticket").Str()!);
        Assert.True(refused != 0 && why.Contains("--yes", StringComparison.Ordinal), why);
        var (done, _, words) = await _home.RunAsync("", "approve", waits.At("ticket").Str()!, "--yes");
        Assert.True(done == 0, words);
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("pve_echo"));
        Assert.Null((await client.CallAsync("pve_echo")).Code);
        Assert.Equal(0, JsonElement.Parse((await _home.RunAsync("", "approve", "--json")).Data).At("waiting").GetArrayLength());
    }

    private Config Waiting()
    {
        var config = new Config(new Marker())
            .Variable("XDG_DATA_HOME", _home.Data).Variable("XDG_STATE_HOME", _home.At("state"))
            .Top("\"management\":{\"tools\":true,\"changes\":true}");
        return config.File("plugins/pve/plugin.toml", PluginFolder.Snitch(config, "pve", _home.At("pve"), Needs, "NODES = \"{hosts:type=proxmox:address}\""));
    }
}
