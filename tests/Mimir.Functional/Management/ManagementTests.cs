using System.Diagnostics;
using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Management;

/// <summary>How servers do and where calls go, as the program and its own tools tell it.</summary>
public sealed class ManagementTests
{
    private static Config OneWellOneGone => new Config(new Marker()).Stdio("well").Child("gone", "/bin/sh", ["-c", "exit 3"]);

    [Fact(Timeout = 120_000)]
    public async Task Tools_ClientsOfBothEras_AreToldTheSame()
    {
        await using var router = await Router.HttpAsync(OneWellOneGone.Top("\"management\":{\"tools\":true}"));
        RawClient[] clients = [await router.LegacyClientAsync("2024-11-05"), await router.LegacyClientAsync(), router.ModernClient()];
        foreach (var client in clients)
        {
            Assert.Equal(["mimir_list_backends", "mimir_get_backend_health", "mimir_explain_route"], (await client.ToolNamesAsync()).Where(n => n.StartsWith("mimir_", StringComparison.Ordinal)));
            var health = await GoneAsync(client);
            Assert.Equal("gone", health.At("name").Str());
            Assert.Equal("CLOSED", health.At("circuit_state").Str());
            Assert.NotNull(health.At("last_error").Str());

            var list = await AnswerAsync(client, "mimir_list_backends");
            Assert.Equal(["well", "gone"], list.Text.Names());
            Assert.Equal(
                """{"name":"well","url":null,"namespace":"well","priority":10,"healthy":true,"circuit_state":"CLOSED","error_count":0,"is_managed":true,"is_running":true}""",
                list.Text[0].GetRawText());
            Assert.False(list.Text[1].GetProperty("is_running").GetBoolean());
            Assert.True(JsonElement.DeepEquals(list.Text, list.Structured.At("result")), list.Structured.ToString());

            var route = await RouteAsync(client);
            Assert.Equal("well", route.Structured.At("server").Str());
            Assert.True(JsonElement.DeepEquals(route.Text, route.Structured), route.Structured.ToString());

            var unknown = await client.CallAsync("mimir_get_backend_health", """{"backend_name":"mimir"}""");
            Assert.True(unknown.Result.At("isError").GetBoolean());
            Assert.Equal("There is no backend 'mimir'. There are: well, gone.", unknown.ToolText);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Tools_AtTheirOwnAddress_HaveTheirBareNames()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("well").Top("\"management\":{\"tools\":true}"));
        await using var client = new ModernHttpClient(router.Url + "/mimir");

        Assert.Equal(["list_backends", "get_backend_health", "explain_route"], await client.ToolNamesAsync());
        Assert.Equal(["well"], (await AnswerAsync(client, "list_backends")).Text.Names());
    }

    [Fact(Timeout = 120_000)]
    public async Task Tools_NotWanted_AreUnknown()
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("well"));

        Assert.DoesNotContain(await router.Stdio.ToolNamesAsync(), n => n.StartsWith("mimir", StringComparison.Ordinal));
        Assert.Equal(-32602, (await router.Stdio.CallAsync("mimir_list_backends")).Code);
    }

    [Fact(Timeout = 120_000)]
    public async Task List_OneServerAway_SaysWhoIsWellAndCountsNoneOfMimirsOwn()
    {
        var (code, data, words) = await Router.LookAsync(OneWellOneGone.Top("\"management\":{\"tools\":true}"), "list", "--json");

        Assert.True(code == 0, words);
        var servers = JsonElement.Parse(data).At("servers");
        Assert.Equal(["well", "gone"], servers.Names());
        Assert.True(servers[0].GetProperty("healthy").GetBoolean());
        Assert.False(servers[1].GetProperty("healthy").GetBoolean());
        Assert.NotNull(servers[1].At("objection").Str());
        Assert.Equal(10, servers[0].GetProperty("priority").GetInt32());
    }

    [Fact(Timeout = 120_000)]
    public async Task RouteExplain_AToolOfOneServer_NamesItInBothForms()
    {
        var (code, table, words) = await Router.LookAsync(OneWellOneGone, "route", "explain", "well_echo");
        Assert.True(code == 0, words);
        Assert.StartsWith("well_echo is a tool that well takes now.\n", table, StringComparison.Ordinal);
        Assert.Contains("\nNot gone: ", table, StringComparison.Ordinal);

        var (_, data, _) = await Router.LookAsync(OneWellOneGone, "route", "explain", "well_echo", "--json");
        var route = JsonElement.Parse(data);
        Assert.Equal("well", route.At("server").Str());
        Assert.Equal("echo", route.At("candidates")[0].At("name").Str());
    }

    [Fact(Timeout = 120_000)]
    public async Task RouteExplain_UnknownName_FailsWithTheNearestAndNoData()
    {
        var (code, data, words) = await Router.LookAsync(new Config(new Marker()).Stdio("well"), "route", "explain", "well_ehco");

        Assert.Equal(2, code);
        Assert.Empty(data);
        Assert.Contains("Did you mean 'well_echo'?", words, StringComparison.Ordinal);
    }

    /// <summary>The health of the server that ends at once, as soon as it is known to be away.</summary>
    private static async Task<JsonElement> GoneAsync(RawClient client)
    {
        for (var begun = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            var health = (await AnswerAsync(client, "mimir_get_backend_health", """{"backend_name":"gone"}""")).Text;
            if (!health.GetProperty("healthy").GetBoolean()) return health;
            Assert.True(begun.Elapsed < TimeSpan.FromSeconds(60), "it counts as healthy: " + health);
        }
    }

    /// <summary>Where a call would go, as soon as the router has seen the list for itself.</summary>
    private static async Task<(JsonElement Text, JsonElement Structured)> RouteAsync(RawClient client)
    {
        for (var begun = Stopwatch.StartNew(); begun.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(50))
        {
            var reply = await client.CallAsync("mimir_explain_route", """{"name":"well_echo"}""");
            if (reply.Result.At("isError").ValueKind is not JsonValueKind.True) break;
            Assert.Contains("is not known yet", reply.ToolText, StringComparison.Ordinal);
        }

        return await AnswerAsync(client, "mimir_explain_route", """{"name":"well_echo"}""");
    }

    private static async Task<(JsonElement Text, JsonElement Structured)> AnswerAsync(RawClient client, string tool, string arguments = "{}")
    {
        var reply = await client.CallAsync(tool, arguments);
        Assert.True(reply.ToolText is not null && reply.Result.At("isError").ValueKind is not JsonValueKind.True, reply.ToString());
        return (JsonElement.Parse(reply.ToolText), reply.Result.At("structuredContent"));
    }
}
