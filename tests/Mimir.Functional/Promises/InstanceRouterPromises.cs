using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Promises;

/// <summary>What users of a router of instances are promised: <c>data/{provider}/mcp_settings.json</c>, followed while it runs, over every transport.</summary>
public sealed class InstanceRouterPromises
{
    private const string Example = """
        {
          "provider": "example",
          "isActive": true,
          "name": "example_instance",
          "type": "stdio",
          "command": "python",
          "args": ["-m", "example_mcp"],
          "env": {}
        }
        """;

    private const string Whole = """
        {
        "api": {
        "enabled": false,
        "port": 8001,
        "host": "0.0.0.0"
        },
        "server": {
        "host": "0.0.0.0",
        "http": { "enabled": true, "port": 3000 },
        "sse": { "enabled": true, "port": 3001 }
        },
        "security": {
        "bearer_token": "",
        "enable_validation": true
        },
        "logging": {
        "level": "INFO",
        "directory": "logs"
        }
        }
        """;

    private readonly Marker _marker = new();

    /// <summary>The example as it is written: a module that <c>python</c> finds where it is started.</summary>
    [Fact(Timeout = 120_000)]
    public async Task DataExampleMcpSettings_AsItIsWritten_IsServed()
    {
        await using var router = await Router.LegacyAsync(Base().File("data/example/mcp_settings.json", Example));

        Assert.Equal(["example_instance_read_file", "example_instance_whoami", "example_instance_write_file"], (await router.Stdio.ToolNamesAsync()).Order(StringComparer.Ordinal));
        Assert.Equal("example whoami ", (await router.Stdio.CallAsync("example_instance_whoami")).ToolText);
    }

    /// <summary>Its <c>config.json</c> as it is written, beside its instances: what Mimir does not do with it is said, each at its place, and the tools have the names its users know.</summary>
    [Fact(Timeout = 120_000)]
    public async Task ConfigJson_AsItIsWritten_IsRead_AndItsToolsAreCalledByTheirNames()
    {
        await using var router = await Router.LegacyAsync(Base().WithoutMain().File("config.json", Whole).File("data/one/mcp_settings.json", Named("one")));

        Assert.StartsWith("[", (await router.Stdio.CallAsync("mcp.router.list")).ToolText, StringComparison.Ordinal);
        await router.UntilAsync(async () => (await router.Stdio.CallAsync("mcp.router.call", """{"instance_name":"one","tool_name":"whoami"}""")).ToolText == "one whoami ");
        foreach (var place in (string[])["config.json:8:", "config.json:10:", "config.json:18:"]) Assert.Contains(place, router.Words, StringComparison.Ordinal);
        Assert.Contains("mimir serve --http 127.0.0.1:3000", router.Words, StringComparison.Ordinal);
    }

    /// <summary>"server.allow_instance_management: lets the LLM manage instances (default: false)", while it runs.</summary>
    [Fact(Timeout = 120_000)]
    public async Task AllowInstanceManagement_IsOffByDefault_AndTakenOverWhileItRuns()
    {
        await using var router = await Router.LegacyAsync(Base().WithoutMain().File("config.json", Whole).File("data/one/mcp_settings.json", Named("one")));
        Assert.NotNull((await router.Stdio.CallAsync("mcp.router.disable", """{"instance_name":"one"}""")).Code);

        await File.WriteAllTextAsync(Path.Combine(router.Folder, "config.json"), Whole.Replace("\"server\": {", "\"server\": { \"allow_instance_management\": true,", StringComparison.Ordinal));

        await router.UntilAsync(async () => (await router.Stdio.ToolNamesAsync()).Contains("mcp_router_add"));
    }

    /// <summary>A token that nobody would ask for is no protection: it is refused, and not repeated.</summary>
    [Fact(Timeout = 120_000)]
    public async Task BearerToken_ThatNobodyWouldCheck_IsAnErrorAndNotRepeated()
    {
        await using var router = await Router.LegacyAsync(Base().WithoutMain().File("config.json", Whole).File("data/one/mcp_settings.json", Named("one")));
        await File.WriteAllTextAsync(Path.Combine(router.Folder, "config.json"), Whole.Replace("\"bearer_token\": \"\"", "\"bearer_token\": \"canary-0815\"", StringComparison.Ordinal));

        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("security.bearer_token", StringComparison.Ordinal)));
        Assert.DoesNotContain("canary-0815", router.Words, StringComparison.Ordinal);
    }

    /// <summary>The problem it is there to solve: a model cannot tell tools of one name apart.</summary>
    [Fact(Timeout = 120_000)]
    public async Task ToolsOfTheSameName_OfTwoInstances_AreToldApart()
    {
        await using var router = await Router.LegacyAsync(Base().File("data/one/mcp_settings.json", Named("one")).File("data/two/mcp_settings.json", Named("two")));

        Assert.Equal("one whoami ", (await router.Stdio.CallAsync("one_whoami")).ToolText);
        Assert.Equal("two whoami ", (await router.Stdio.CallAsync("two_whoami")).ToolText);
        Assert.NotNull((await router.Stdio.CallAsync("whoami")).Code);
    }

    /// <summary>Configuration changes are noticed and taken over: added, changed, switched off by <c>isActive</c>, removed.</summary>
    [Fact(Timeout = 120_000)]
    public async Task HotReload_OfAnInstancesFile_NeedsNoRestart()
    {
        await using var router = await Router.LegacyAsync(Base().File("data/one/mcp_settings.json", Named("one")));
        var news = new ConcurrentQueue<string>();
        router.Stdio.OnNotification = n => news.Enqueue(n.At("method").Str() ?? "");
        Assert.Null((await router.Stdio.CallAsync("one_whoami")).Code);
        var first = router.Marker.Pids("one");
        var file = Path.Combine(router.Folder, "data", "new", "mcp_settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);

        await File.WriteAllTextAsync(file, Named("new"));
        await router.UntilAsync(async () => (await router.Stdio.CallAsync("new_whoami")).ToolText == "new whoami ");
        await router.UntilAsync(() => Task.FromResult(news.Contains("notifications/tools/list_changed")));

        await File.WriteAllTextAsync(file, Named("new").Replace("\"env\": {", "\"env\": { \"SAYS\": \"changed\",", StringComparison.Ordinal));
        await router.UntilAsync(async () => (await router.Stdio.CallAsync("new_whoami")).ToolText == "new whoami changed");

        await File.WriteAllTextAsync(file, Named("new").Replace("\"isActive\": true", "\"isActive\": false", StringComparison.Ordinal));
        await router.UntilAsync(async () => (await router.Stdio.ToolNamesAsync()).All(n => !n.StartsWith("new", StringComparison.Ordinal)));
        await router.UntilAsync(() => Task.FromResult(router.Marker.Living("new").Count == 0));

        File.Delete(file);
        Assert.Null((await router.Stdio.CallAsync("one_whoami")).Code);
        Assert.Equal(first, router.Marker.Pids("one"));
    }

    /// <summary>Stdio, SSE and HTTP, and remote servers with authentication.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Transports_StdioSseAndHttp_AreAllServed()
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"far\"");
        await using var sse = await WickedHttp.StartAsync("\"name\":\"old\",\"sseOnly\":true");
        await using var guarded = GuardedServer.Start("Bearer right-token");
        await using var router = await Router.LegacyAsync(Base()
            .File("data/near/mcp_settings.json", Named("near"))
            .File("data/far/mcp_settings.json", $$"""{ "provider": "far", "isActive": true, "name": "far", "type": "http", "url": "{{http.Url}}" }""")
            .File("data/old/mcp_settings.json", $$"""{ "provider": "old", "isActive": true, "name": "old", "type": "sse", "url": "{{sse.Sse}}" }""")
            .File("data/guarded/mcp_settings.json", $$"""{ "provider": "guarded", "name": "guarded", "type": "http", "url": "{{guarded.Url}}", "headers": { "Authorization": "Bearer right-token" } }""")
            .File("data/shut/mcp_settings.json", $$"""{ "provider": "shut", "name": "shut", "type": "http", "url": "{{guarded.Url}}", "headers": { "Authorization": "Bearer wrong-token" } }"""));

        Assert.Null((await router.Stdio.CallAsync("near_whoami")).Code);
        Assert.Null((await router.Stdio.CallAsync("far_echo")).Code);
        Assert.Null((await router.Stdio.CallAsync("old_echo")).Code);
        var entered = await router.Stdio.CallAsync("guarded_enter");
        Assert.True(entered.ToolText == "let in", $"{entered}; {router.Words}");
        Assert.NotNull((await router.Stdio.CallAsync("shut_enter")).Code);
        Assert.DoesNotContain("wrong-token", router.Words, StringComparison.Ordinal);
    }

    /// <summary>Instances are loaded in the background: one that never comes holds nobody up.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Start_WithAnInstanceThatNeverComes_AnswersAtOnceAndServesTheOthers()
    {
        await using var router = await Router.StdioAsync(Base("\"listGrace\":\"2s\"").File("data/never/mcp_settings.json", Named("never", ", \"3600\"")).File("data/one/mcp_settings.json", Named("one")));
        Assert.Null((await router.Stdio.InitializeAsync("2024-11-05")).Code);

        await router.UntilAsync(async () => (await router.Stdio.ToolNamesAsync()).Contains("one_whoami"));
        Assert.DoesNotContain(await router.Stdio.ToolNamesAsync(), n => n.StartsWith("never", StringComparison.Ordinal));
        Assert.Equal("one whoami ", (await router.Stdio.CallAsync("one_whoami")).ToolText);
    }

    /// <summary>The first request of the HTTP example, byte for byte, with the one header that it sends.</summary>
    [Fact(Timeout = 120_000)]
    public async Task CurlExample_Initialize_IsAnswered()
    {
        await using var router = await Router.HttpAsync(Base().File("data/one/mcp_settings.json", Named("one")));
        const string data = """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"test","version":"1.0.0"}}}""";

        var reply = await RawHttp.ExchangeAsync("POST", router.Url, data, [("Content-Type", "application/json")]);

        Assert.Equal(200, reply.Status);
        Assert.Equal(("2024-11-05", 0), (reply.Result.At("protocolVersion").Str(), reply.Root.At("id").GetInt32()));
    }

    /// <summary>Several clients at the same time, over HTTP and over SSE.</summary>
    [Fact(Timeout = 120_000)]
    public async Task ManyClients_OverHttpAndSse_AreServedTogether()
    {
        await using var router = await Router.HttpAsync(Base().File("data/one/mcp_settings.json", Named("one")));
        RawClient[] clients = [await router.LegacyClientAsync("2025-03-26"), await router.LegacyClientAsync(), await router.SseClientAsync(), router.ModernClient()];

        var texts = await Task.WhenAll(clients.Select(async c => (await c.CallAsync("one_whoami")).ToolText));

        Assert.All(texts, text => Assert.Equal("one whoami ", text));
    }

    /// <summary>Input is validated: names, lengths, and what is no JSON; the place is told, and what was served goes on.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("{ \"name\": \"x\", \"command\": ", "mcp_settings.json:1:")]
    [InlineData("{ \"name\": \"a/../b\", \"command\": \"python\" }", "holds a slash")]
    [InlineData("{ \"name\": \"x\", \"comand\": \"python\" }", "Did you mean command?")]
    [InlineData("{ \"name\": \"x\", \"type\": \"carrier-pigeon\", \"command\": \"python\" }", "is not one of stdio, http, sse")]
    public async Task Input_ThatIsWrong_IsToldWithItsPlaceAndHarmsNobody(string text, string told)
    {
        await using var router = await Router.LegacyAsync(Base().File("data/one/mcp_settings.json", Named("one")));
        Assert.Null((await router.Stdio.CallAsync("one_whoami")).Code);
        Directory.CreateDirectory(Path.Combine(router.Folder, "data", "bad"));

        await File.WriteAllTextAsync(Path.Combine(router.Folder, "data", "bad", "mcp_settings.json"), text);

        await router.UntilAsync(() => Task.FromResult(router.Words.Contains("what it said before goes on", StringComparison.Ordinal)));
        Assert.Contains(told, router.Words, StringComparison.Ordinal);
        Assert.Equal("one whoami ", (await router.Stdio.CallAsync("one_whoami")).ToolText);
    }

    private Config Base(string limits = "\"listGrace\":\"20s\"") => new Config(_marker).Limits(limits).StartedThere().File("example_mcp.py", ExampleServer.Text);

    private string Named(string name, string late = "") => $$"""
        { "provider": "{{name}}", "isActive": true, "name": "{{name}}", "type": "stdio", "command": "python", "args": ["-m", "example_mcp", "{{name}}"{{late}}],
          "env": { "{{Marker.Variable}}": "{{_marker.Word}}", "{{Marker.Role}}": "{{name}}" } }
        """;
}
