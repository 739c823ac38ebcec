using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Includes;

/// <summary>Files of other clients that are served as they stand: real children, a real router.</summary>
public sealed class IncludeTests
{
    [Fact(Timeout = 120_000)]
    public async Task File_ThatAppearsChangesBreaksAndGoes_IsFollowedAndNeverWritten()
    {
        var marker = new Marker();
        var config = new Config(marker).Stdio("stays").File("theirs/.keep", "").Top("\"include\":[\"theirs/mcp.json\",\"theirs/more/*.toml\"]");
        await using var router = await Router.HttpAsync(config);
        var client = await router.LegacyClientAsync();
        var news = new ConcurrentQueue<string>();
        client.OnNotification = n => news.Enqueue(n.At("method").Str() ?? "");
        Assert.Null((await client.CallAsync("stays_echo")).Code);
        var stays = await marker.SettledAsync("stays");
        Assert.Contains("include[0]: names a file that is not there", router.Words, StringComparison.Ordinal);

        var file = Path.Combine(router.Folder, "theirs", "mcp.json");
        var text = Entries(marker, "one", "stays");
        await File.WriteAllTextAsync(file, text);
        await ListedAsync(router, client, "one_echo", true);
        await router.UntilAsync(() => Task.FromResult(news.Contains("notifications/tools/list_changed")));
        Assert.Null((await client.CallAsync("one_echo")).Code);
        var one = await marker.SettledAsync("one");

        // One's own wins, and both places are named.
        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("mcpServers.stays: is passed over: a server of that name stands in ", StringComparison.Ordinal)));
        Assert.Contains("mimir.json:1:", router.Words, StringComparison.Ordinal);
        Assert.Equal(stays, marker.Pids("stays"));

        await File.WriteAllTextAsync(file, "{ \"mcpServers\": {\n \"one\": ");
        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("what it said before goes on", StringComparison.Ordinal) && router.Words.Contains("mcp.json:2:", StringComparison.Ordinal)));
        Assert.Null((await client.CallAsync("one_echo")).Code);
        Assert.Equal(one, marker.Pids("one"));

        await File.WriteAllTextAsync(file, Entries(marker, "one", "two"));
        await ListedAsync(router, client, "two_echo", true);
        Assert.Equal(one, marker.Pids("one"));

        // A folder, and a file in it that a pattern fits.
        Directory.CreateDirectory(Path.Combine(router.Folder, "theirs", "more"));
        var toml = Path.Combine(router.Folder, "theirs", "more", "config.toml");
        await File.WriteAllTextAsync(toml, $"[mcp_servers.three]\ncommand = '{Repository.Wicked}'\nargs = ['--script', '{{\"name\":\"three\"}}']\nenv = {{ {Marker.Variable} = '{marker.Word}', {Marker.Role} = 'three' }}\n");
        await ListedAsync(router, client, "three_echo", true);

        File.Delete(toml);
        await ListedAsync(router, client, "three_echo", false);
        File.Delete(file);
        await ListedAsync(router, client, "one_echo", false);
        await router.UntilAsync(() => Task.FromResult(marker.Living("one").Count + marker.Living("two").Count + marker.Living("three").Count == 0));
        Assert.Equal(stays, marker.Pids("stays"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Commands_OfAnIncludedServer_ShowItsFileAndNeverChangeIt()
    {
        using var folder = new TempFolder();
        using var home = new SecretHome();
        var config = new Config(new Marker());
        var text = Entries(config.Marker, "one", "mimir");
        var theirs = folder.File("theirs.json");
        await File.WriteAllTextAsync(theirs, text);
        await File.WriteAllTextAsync(folder.File("mimir.json"), "{ \"include\": [\"theirs.json\"] }");
        var at = folder.File(".");

        var (shown, keys, words) = await home.RunAsync("", "config", "show", "--sources", "--json", "--config", at);
        Assert.True(shown == 0, words);
        var command = JsonElement.Parse(keys).At("keys").EnumerateArray().Single(k => k.At("key").Str() == "mcpServers.one.command");
        Assert.EndsWith("theirs.json", command.At("file").Str(), StringComparison.Ordinal);

        var (removed, _, why) = await home.RunAsync("", "remove", "one", "--yes", "--config", at);
        Assert.True(removed != 0, why);
        Assert.Contains("theirs.json", why, StringComparison.Ordinal);
        Assert.Contains("no command changes that file", why, StringComparison.Ordinal);

        var (listed, servers, _) = await home.RunAsync("", "list", "--json", "--config", at);
        Assert.Equal(0, listed);
        Assert.Equal(["one"], JsonElement.Parse(servers).At("servers").Names());
        Assert.Equal(text, await File.ReadAllTextAsync(theirs));
    }

    private static Task ListedAsync(Router router, RawClient client, string tool, bool there) =>
        router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains(tool) == there);

    /// <summary>A file of a client; one that is called mimir is Mimir itself.</summary>
    private static string Entries(Marker marker, params string[] names) => $$"""
        { "mcpServers": { {{string.Join(',', names.Select(name => name == "mimir"
            ? "\"mimir\":{\"command\":\"/opt/mimir\",\"args\":[\"serve\"]}"
            : $$"""
                "{{name}}": { "command": {{JsonSerializer.Serialize(Repository.Wicked)}}, "args": ["--script", "{\"name\":\"{{name}}\"}"], "alwaysAllow": ["echo"],
                "env": { "{{Marker.Variable}}": "{{marker.Word}}", "{{Marker.Role}}": "{{name}}" } }
                """))}} } }
        """;
}
