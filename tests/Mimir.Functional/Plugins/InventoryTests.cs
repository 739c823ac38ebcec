using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Plugins;

/// <summary>Plugins and clients that ask a real router for the inventory.</summary>
public sealed class InventoryTests
{
    private const string Hosts = """
        hosts:
          - { name: pve1, type: proxmox, address: 10.0.0.5, port: 8006, tags: [prod], auth: { method: token, credential_ref: PVE1_TOKEN } }
          - { name: pve2, type: proxmox, address: 10.0.0.6 }
          - { name: nas, type: linux, address: nas.lan, tags: [storage, prod] }
        services:
          - { name: grafana, type: dashboard, host_ref: nas, port: 3000 }
        """;

    [Fact(Timeout = 120_000)]
    public async Task Plugins_OfDifferentAccess_AreToldTheirOwnHostsAndNoOthers()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker())
            .Asking("virtual", "[\"hosts:type=proxmox\"]").Asking("disks", "[\"hosts:tag=stor*\", \"services:*\"]").Asking("none", "[]").File("inventory/hosts.yaml", Hosts));
        var client = await router.LegacyClientAsync();

        var virtuals = await AskAsync(client, "virtual", "inventory_hosts");
        Assert.Equal(["pve1", "pve2"], Names(virtuals.Text, "hosts"));
        Assert.Equal(
            """{"name":"pve1","type":"proxmox","address":"10.0.0.5","port":8006,"auth":{"method":"token","credential_ref":"PVE1_TOKEN"},"tags":["prod"]}""",
            JsonElement.Parse(virtuals.Text).At("hosts")[0].GetRawText());
        Assert.Equal(["pve1"], Names((await AskAsync(client, "virtual", "inventory_hosts", """{"tag":"prod"}""")).Text, "hosts"));
        Assert.Equal("""{"hosts":[]}""", (await AskAsync(client, "virtual", "inventory_hosts", """{"name":"nas"}""")).Text);
        Assert.Equal("""{"services":[]}""", (await AskAsync(client, "virtual", "inventory_services")).Text);
        Assert.Equal("""{"hosts_total":2,"services_total":0,"host_types":{"proxmox":2}}""", (await AskAsync(client, "virtual", "inventory_summary")).Text);

        Assert.Equal(["nas"], Names((await AskAsync(client, "disks", "inventory_hosts")).Text, "hosts"));
        Assert.Equal(["grafana"], Names((await AskAsync(client, "disks", "inventory_services", """{"host":"nas"}""")).Text, "services"));
        Assert.Contains("takes no argument of that name. It takes type, tag, name.", (await AskAsync(client, "disks", "inventory_hosts", """{"tags":"x"}""")).Text, StringComparison.Ordinal);

        Assert.Equal("nobody to ask", (await client.CallAsync("none_ask", """{"tool":"inventory_hosts"}""")).ToolText);
        Assert.DoesNotContain(await client.ToolNamesAsync(), name => name.Contains("inventory", StringComparison.Ordinal));
        Assert.NotNull((await client.CallAsync("inventory_hosts")).Code);
        Assert.DoesNotContain(virtuals.Token, router.Words, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Door_WithoutThePassOfALivingPlugin_IsClosed()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker()).Asking("virtual", "[\"hosts:type=proxmox\"]").File("inventory/hosts.yaml", Hosts));
        var (_, url, token) = await AskAsync(await router.LegacyClientAsync(), "virtual", "inventory_hosts");
        Assert.Equal(router.Origin + "inventory", url);
        Assert.Equal(64, token.Length);
        const string call = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}""";
        foreach (var authorization in new[] { null, "Bearer ", "Bearer " + token[..^1], $"Bearer {token}x", "Bearer " + token.ToUpperInvariant(), "Basic " + token, token })
        {
            var refused = await RawHttp.ExchangeAsync("POST", url, call, [("Accept", "application/json, text/event-stream"), ("Authorization", authorization)]);
            Assert.True(refused.Status == 401, $"{authorization}: {refused}");
            Assert.True((await RawHttp.ExchangeAsync("GET", url, null, [("Authorization", authorization)])).Status == 401, authorization);
        }

        var here = await RawHttp.ExchangeAsync("POST", url, call, [("Accept", "application/json, text/event-stream"), ("Authorization", "Bearer " + token)]);
        Assert.True(here.Status == 200, here.ToString());

        // Nobody comes in past the door: neither by the name of the server behind it nor from a page elsewhere.
        foreach (var name in new[] { "inventory/virtual", "inventory%2Fvirtual", "inventory", "virtual/inventory" })
        {
            Assert.Equal(404, (await RawHttp.ExchangeAsync("POST", $"{router.Url}/{name}", call, [("Accept", "application/json, text/event-stream"), ("Authorization", "Bearer " + token)])).Status);
        }

        Assert.Equal(403, (await RawHttp.ExchangeAsync("POST", url, call, [("Origin", "https://elsewhere.example"), ("Authorization", "Bearer " + token)])).Status);

        // A pass ends with its process, and the next process has another.
        _ = Posix.Kill(Assert.Single(router.Marker.Pids("virtual")), Posix.Kill9);
        await router.UntilAsync(async () => (await RawHttp.ExchangeAsync("POST", url, call, [("Accept", "application/json, text/event-stream"), ("Authorization", "Bearer " + token)])).Status == 401);
        await router.UntilAsync(async () => (await (await router.LegacyClientAsync()).CallAsync("virtual_ask", """{"tool":"inventory_hosts"}""")).Code is null);
        Assert.NotEqual(token, (await AskAsync(await router.LegacyClientAsync(), "virtual", "inventory_hosts")).Token);

        // What it last wrote to stderr was told, without the pass that stood in it.
        Assert.Contains("asking with", router.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(token, router.Words, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_OfTheInventoryOrTheAccess_IsToldAtOnce(bool modern)
    {
        var config = new Config(new Marker()).Asking("virtual", "[\"hosts:type=proxmox\"]").File("inventory/hosts.yaml", Hosts);
        await using var router = await Router.HttpAsync(config);
        var client = await router.LegacyClientAsync();
        var (_, url, token) = await AskAsync(client, "virtual", "inventory_hosts");
        var before = router.Marker.Pids("virtual");
        await using var asking = await PluginClientAsync(url, token, modern);
        Assert.Equal(["inventory_hosts", "inventory_services", "inventory_summary"], await asking.ToolNamesAsync());
        Assert.Equal(["inventory://hosts", "inventory://services", "inventory://summary"], await UrisAsync(asking));
        Assert.Equal("10.0.0.6", (await ReadAsync(asking, "inventory://hosts/pve2")).At("address").Str());
        Assert.NotNull((await asking.AskAsync("resources/read", "\"uri\":\"inventory://hosts/nas\"")).Code);
        await SubscribeAsync(asking, "inventory://hosts", "inventory://hosts/pve2");

        // What it may not know is no news to it.
        var file = Path.Combine(router.Folder, "inventory", "hosts.yaml");
        await File.WriteAllTextAsync(file, Hosts.Replace("nas.lan", "nas.home", StringComparison.Ordinal).Replace("10.0.0.5", "10.0.0.7", StringComparison.Ordinal));
        await asking.NotificationAsync(Updated("inventory://hosts"));
        Assert.Equal("10.0.0.7", (await ReadAsync(asking, "inventory://hosts")).At("hosts")[0].At("address").Str());
        Assert.DoesNotContain(asking.Notifications("notifications/resources/updated"), n => Updated("inventory://hosts/pve2")(n));

        await File.WriteAllTextAsync(file, "hosts: [\n");
        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("hosts.yaml:", StringComparison.Ordinal)));
        Assert.Equal(2, (await ReadAsync(asking, "inventory://hosts")).At("hosts").GetArrayLength());

        await File.WriteAllTextAsync(file, "hosts: [{ name: pve9, type: proxmox, address: a }]\n");
        await asking.NotificationAsync(Updated("inventory://hosts/pve2"));
        Assert.Equal(["pve9"], Names((await AskAsync(client, "virtual", "inventory_hosts")).Text, "hosts"));
        Assert.Equal(before, router.Marker.Pids("virtual"));

        // Less access holds from the next answer on, and none closes the door.
        var manifest = Path.Combine(router.Folder, "plugins", "virtual", "plugin.toml");
        await File.WriteAllTextAsync(manifest, AskingPlugin.Manifest(config, "virtual", "[\"services\"]"));
        await router.UntilAsync(async () => (await AskAsync(client, "virtual", "inventory_hosts")).Text == """{"hosts":[]}""");
        await File.WriteAllTextAsync(manifest, AskingPlugin.Manifest(config, "virtual", "[]"));
        await router.UntilAsync(async () => (await AskAsync(client, "virtual", "inventory_hosts")).Text == "HTTP 401");
    }

    [Fact(Timeout = 120_000)]
    public async Task Plugin_OfARouterWithoutHttp_IsGivenNoAddress()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Asking("virtual", "[\"hosts\"]").File("inventory/hosts.yaml", Hosts));

        Assert.Equal("nobody to ask", (await router.Stdio.CallAsync("virtual_ask", """{"tool":"inventory_hosts"}""")).ToolText);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clients_OfAnOperatorWhoWantsIt_AreToldAllOfItWithinTheirNamespace(bool modern)
    {
        var spaces = """ "management":{"inventory":true},"namespaces":{"ops":{"servers":["a","inventory"],"permissions":{"inventory":{"deniedTools":["inventory_services"]}}},"dev":{"servers":["a"]}},"defaultNamespace":"ops" """;
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("a").Top(spaces).File("inventory/hosts.yaml", Hosts));
        await using RawClient ops = modern ? router.ModernClient() : await router.LegacyClientAsync();
        var tools = await ops.ToolNamesAsync();
        Assert.Contains("inventory_hosts", tools);
        Assert.DoesNotContain("inventory_services", tools);
        Assert.NotNull((await ops.CallAsync("inventory_services")).Code);
        Assert.Equal(["pve1", "pve2", "nas"], Names((await ops.CallAsync("inventory_hosts")).ToolText!, "hosts"));
        Assert.Equal(3, (await ReadAsync(ops, "inventory://hosts")).At("hosts").GetArrayLength());

        await File.WriteAllTextAsync(Path.Combine(router.Folder, "inventory", "hosts.yaml"), "hosts: [{ name: one, type: linux, address: a }]\n");
        await router.UntilAsync(async () => Names((await ops.CallAsync("inventory_hosts")).ToolText!, "hosts") is ["one"]);

        await using var dev = new ModernHttpClient(router.Url + "/dev");
        Assert.DoesNotContain(await dev.ToolNamesAsync(), name => name.StartsWith("inventory", StringComparison.Ordinal));
        Assert.NotNull((await dev.AskAsync("resources/read", "\"uri\":\"inventory://hosts\"")).Code);
    }

    private static async Task<(string Text, string Url, string Token)> AskAsync(RawClient client, string plugin, string tool, string arguments = "{}")
    {
        var reply = await client.CallAsync(plugin + "_ask", $$"""{"tool":"{{tool}}","with":{{arguments}}}""");
        Assert.True(reply.Code is null && reply.Result.At("content").GetArrayLength() == 3, reply.ToString());
        string[] texts = [.. reply.Result.At("content").EnumerateArray().Select(block => block.At("text").Str()!)];
        return (texts[0], texts[1], texts[2]);
    }

    /// <summary>A client in the place of a plugin.</summary>
    private static async Task<RawClient> PluginClientAsync(string url, string token, bool modern)
    {
        (string, string?)[] pass = [("Authorization", "Bearer " + token)];
        if (modern) return new ModernHttpClient(url) { MoreHeaders = pass };
        var legacy = new LegacyHttpClient(url) { MoreHeaders = pass };
        var reply = await legacy.InitializeAsync();
        Assert.True(legacy.Revision is not null, reply.ToString());
        return legacy;
    }

    private static async Task SubscribeAsync(RawClient client, params string[] uris)
    {
        if (!client.Modern)
        {
            foreach (var uri in uris) Assert.Null((await client.AskAsync("resources/subscribe", $"\"uri\":\"{uri}\"")).Code);
            return;
        }

        var wanted = string.Join(',', uris.Select(uri => $"\"{uri}\""));
        _ = client.RequestAsync("\"listen\"", "subscriptions/listen", client.Params($"\"notifications\":{{\"resourceSubscriptions\":[{wanted}]}}"), TimeSpan.FromMinutes(5));
        await client.NotificationAsync(n => n.At("method").Str() == "notifications/subscriptions/acknowledged");
    }

    private static Func<JsonElement, bool> Updated(string uri) => n => n.At("method").Str() == "notifications/resources/updated" && n.At("params", "uri").Str() == uri;

    private static async Task<JsonElement> ReadAsync(RawClient client, string uri)
    {
        var reply = await client.AskAsync("resources/read", $"\"uri\":\"{uri}\"");
        Assert.True(reply.Code is null, reply.ToString());
        return JsonElement.Parse(reply.Result.At("contents")[0].At("text").Str()!);
    }

    private static async Task<string[]> UrisAsync(RawClient client) =>
        [.. (await client.AskAsync("resources/list")).Result.At("resources").EnumerateArray().Select(r => r.At("uri").Str()!)];

    private static string[] Names(string json, string kind) => [.. JsonElement.Parse(json).At(kind).EnumerateArray().Select(e => e.At("name").Str()!)];
}
