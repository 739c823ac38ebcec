using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Promises;

/// <summary>
/// What users of a router with namespaces are promised about its configuration, its lists and its permissions: their own <c>config.json</c> and the lines
/// of their clients, with our program in its place.
/// </summary>
public sealed class NamespaceRouterPromises
{
    private const string WorkAndPersonal = """
        "namespaces": {
          "work": { "serverIds": ["filesystem", "github"] },
          "personal": { "serverIds": ["filesystem", "sqlite"] }
        }
        """;

    /// <summary>"args": ["serve", "--stdio", "--config", "~/.config/mcpmu/config.json", "--namespace", "default"]</summary>
    [Fact(Timeout = 120_000)]
    public async Task ClientsLine_ServeStdioConfigAndNamespace_StartsARouterOfThatNamespace()
    {
        await using var router = await OpenAsync(["filesystem"], """ "namespaces": { "default": { "serverIds": ["filesystem"] } } """, "default");

        Assert.Equal(["filesystem.read_file", "filesystem.whoami", "filesystem.write_file"], await NamesAsync(router));
        Assert.Equal("filesystem read_file ", (await router.Stdio.CallAsync("filesystem.read_file")).ToolText);
    }

    /// <summary>"Configure multiple MCP entries that run the same binary with different --namespace values."</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("work", "github")]
    [InlineData("personal", "sqlite")]
    public async Task EachProcess_ExposesTheSingleToolsetOfItsNamespace(string space, string other)
    {
        await using var router = await OpenAsync(["filesystem", "github", "sqlite"], WorkAndPersonal, space);

        Assert.Equal(["filesystem", other], (await NamesAsync(router)).Select(n => n.Split('.')[0]).Distinct());
    }

    /// <summary>"If multiple namespaces exist and none is selected (and no default is set), mcpmu fails initialize with an actionable error."</summary>
    [Fact(Timeout = 120_000)]
    public async Task SeveralNamespacesAndNoneSelected_InitializeFailsWithWhatToDo()
    {
        await using var router = await Router.StdioAsync(Config(["filesystem", "github", "sqlite"], WorkAndPersonal, null));
        var reply = await router.Stdio.InitializeAsync();

        Assert.Equal(-32600, reply.Code);
        Assert.Contains("--namespace NAME, where NAME is one of work, personal", reply.ToString(), StringComparison.Ordinal);
        Assert.NotNull((await router.Stdio.AskAsync("tools/list")).Code);
    }

    [Fact(Timeout = 120_000)]
    public async Task SeveralNamespacesAndADefault_TheDefaultIsServed()
    {
        await using var router = await OpenAsync(["filesystem", "github", "sqlite"], WorkAndPersonal + ", \"defaultNamespace\": \"personal\"", null);

        Assert.Equal(["filesystem", "sqlite"], (await NamesAsync(router)).Select(n => n.Split('.')[0]).Distinct());
    }

    /// <summary>"separate config files are still supported when you want fully isolated settings": --config ~/.config/mcpmu/project-x.json</summary>
    [Fact(Timeout = 120_000)]
    public async Task SeparateConfigFile_NamedByItsPath_IsReadAlone()
    {
        var marker = new Marker();
        var text = Text(marker, ["other"], """ "namespaces": { "default": { "serverIds": ["other"] } } """);
        var beside = new Config(marker).WithoutMain().StartedThere().File("mimir.json", text).File("example.py", ExampleServer.Text).File("config.json", "{ \"schemaVersion\": 1, \"servers\": { \"mine\": { \"command\": \"x\" } } }");
        await using var router = await Router.LegacyAsync(beside.Serve("--stdio", "--namespace", "default"));

        Assert.Equal(["other.read_file", "other.whoami", "other.write_file"], await NamesAsync(router));
    }

    /// <summary>"server entries remain compatible with the common mcpServers object shape": command, args, cwd, env.</summary>
    [Fact(Timeout = 120_000)]
    public async Task ServerEntry_CopiedFromAClient_MeansTheSame()
    {
        var config = new Config(new Marker()).WithoutMain().StartedThere().Serve("--stdio");
        config.File("sub/example.py", ExampleServer.Text).File("./config.json", $$"""
            { "schemaVersion": 1, "servers": { "copied": { "command": "python3", "args": ["example.py", "copied"], "cwd": "sub", "env": { "SAYS": "${hello}", "{{Marker.Variable}}": "{{config.Marker.Word}}" } } } }
            """);
        await using var router = await Router.LegacyAsync(config);

        Assert.Equal("copied whoami ${hello}", (await router.Stdio.CallAsync("copied.whoami")).ToolText);
    }

    /// <summary>"Tools from managed servers are exposed with serverId.toolName format"; their descriptions tell the server as well.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Tools_AreNamedByServerAndTool_AndDescribedWithTheirServer()
    {
        await using var router = await OpenAsync(["filesystem", "github"], null, null);
        var tools = (await router.Stdio.AskAsync("tools/list")).Result.At("tools").EnumerateArray().ToDictionary(t => t.At("name").Str()!, t => t.At("description").Str());

        Assert.Equal("[filesystem] Reads a file.", tools["filesystem.read_file"]);
        Assert.Equal("[github] Writes a \"file\".", tools["github.write_file"]);
        Assert.Equal("[github]", tools["github.whoami"]);
    }

    /// <summary>"Prompts: Names are qualified as serverName.promptName. Descriptions are prefixed with [serverName]. On prompts/get, the prefix is stripped."</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prompts_AreQualifiedAndLabelled_AndAskedForByTheirOwnName(bool modern)
    {
        await using var router = await Router.StdioAsync(Config(["filesystem", "github"], null, null), modern);
        if (!modern) await router.Stdio.InitializeAsync();
        var prompts = (await router.Stdio.AskAsync("prompts/list")).Result.At("prompts");

        Assert.Equal(["filesystem.sum_up", "github.sum_up"], prompts.Names());
        Assert.Equal(["[filesystem] Sums up.", "[github] Sums up."], prompts.EnumerateArray().Select(p => p.At("description").Str()));
        var got = await router.Stdio.AskAsync("prompts/get", "\"name\":\"github.sum_up\"");
        Assert.Equal("github sum_up", got.Result.At("messages")[0].At("content", "text").Str());
    }

    /// <summary>"URIs are passed through unmodified. All MCP resource fields are preserved, including annotations, title, and size."</summary>
    [Fact(Timeout = 120_000)]
    public async Task Resources_PassUnmodified_AndAreReadAtTheirServer()
    {
        await using var router = await OpenAsync(["filesystem", "github"], null, null);
        var resources = (await router.Stdio.AskAsync("resources/list")).Result.At("resources");

        Assert.Equal(["file:///filesystem/readme.md", "file:///github/readme.md"], resources.EnumerateArray().Select(r => r.At("uri").Str()));
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""{"uri":"file:///github/readme.md","name":"readme","title":"Read me","size":12,"annotations":{"audience":["user"],"priority":0.5}}"""), resources[1]));
        Assert.Equal("github", (await router.Stdio.AskAsync("resources/read", "\"uri\":\"file:///github/readme.md\"")).Result.At("contents")[0].At("text").Str());
        Assert.Equal(0, (await router.Stdio.AskAsync("resources/templates/list")).Result.At("resourceTemplates").GetArrayLength());
    }

    /// <summary>"enabled by default, disable with --resources=false or --prompts=false"</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("--resources=false", 0, 1)]
    [InlineData("--prompts=false", 1, 0)]
    public async Task ResourcesAndPrompts_SwitchedOffOnTheCommandLine_AreNotGiven(string flag, int resources, int prompts)
    {
        await using var router = await Router.LegacyAsync(Config(["filesystem"], null, null).Serve(flag));

        Assert.Equal(3, (await NamesAsync(router)).Length);
        Assert.Equal(resources, (await router.Stdio.AskAsync("resources/list")).Result.At("resources").GetArrayLength());
        Assert.Equal(prompts, (await router.Stdio.AskAsync("prompts/list")).Result.At("prompts").GetArrayLength());
        Assert.Equal(resources == 0, (await router.Stdio.AskAsync("resources/read", "\"uri\":\"file:///filesystem/readme.md\"")).Code is not null);
        Assert.Equal(prompts == 0, (await router.Stdio.AskAsync("prompts/get", "\"name\":\"filesystem.sum_up\"")).Code is not null);
    }

    internal static async Task<string[]> NamesAsync(Router router) => [.. (await router.Stdio.ToolNamesAsync()).Order(StringComparer.Ordinal)];

    internal static Task<Router> OpenAsync(string[] servers, string? more, string? space) => Router.LegacyAsync(Config(servers, more, space));

    /// <summary>A <c>config.json</c> and the line of a client.</summary>
    /// <param name="servers">The servers' names; one with a number behind a colon is as many seconds late.</param>
    /// <param name="more">More keys of it.</param>
    /// <param name="space">The namespace on the line.</param>
    internal static Config Config(string[] servers, string? more, string? space)
    {
        var config = new Config(new Marker()).WithoutMain().Serve(["--stdio", .. space is null ? [] : (string[])["--namespace", space]]);
        return config.StartedThere().File("example.py", ExampleServer.Text).File("./config.json", Text(config.Marker, servers, more));
    }

    internal static string Text(Marker marker, string[] servers, string? more) => $$"""
        { "schemaVersion": 1, "servers": { {{string.Join(',', servers.Select(Server))}} }{{(more is null ? "" : "," + more)}} }
        """.Replace("MARK", marker.Word, StringComparison.Ordinal);

    private static string Server(string text)
    {
        var (name, late) = text.Split(':') is [var own, var seconds] ? (own, $", \"{seconds}\"") : (text, "");
        return $$"""
            "{{name}}": { "command": "python3", "args": ["example.py", "{{name}}"{{late}}], "env": { "{{Marker.Variable}}": "MARK", "{{Marker.Role}}": "{{name}}" } }
            """;
    }
}
