using System.Text.Json;
using Mimir.Peers;

namespace Mimir.Interop;

/// <summary>The Inspector's command line lists and uses what is behind Mimir.</summary>
public sealed class InspectorTests(Ensemble ensemble, ModernEnsemble modern, AcrossErasEnsemble across)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <summary>Every way in.</summary>
    public static TheoryData<string> Transports => ["stdio", "http", "sse"];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Transports))]
    public async Task Lists_ThroughMimir_HoldEverything(string transport)
    {
        JsonElement tools = await InspectAsync(transport, "--method", "tools/list");
        string[] names = [.. tools.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!)];
        Assert.Contains("everything_sse_get_tiny_image", names);
        Assert.Contains("files_read_text_file", names);
        Assert.Contains("memory_read_graph", names);
        Assert.Contains("apps_get_time", names);

        Assert.Contains("everything_http_simple_prompt", (await InspectAsync(transport, "--method", "prompts/list")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("memory://knowledge-graph", (await InspectAsync(transport, "--method", "resources/list")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("demo://resource/dynamic/text/{resourceId}", (await InspectAsync(transport, "--method", "resources/templates/list")).GetRawText(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Transports))]
    public async Task ToolsPromptsAndResources_ThroughMimir_AreUsed(string transport)
    {
        JsonElement echo = await InspectAsync(transport, "--method", "tools/call", "--tool-name", "everything_http_echo", "--tool-arg", "message=hello there");
        Assert.Equal("Echo: hello there", echo.GetProperty("content")[0].GetProperty("text").GetString());

        JsonElement read = await InspectAsync(transport, "--method", "resources/read", "--uri", "demo://resource/static/document/features.md");
        Assert.Equal("demo://resource/static/document/features.md", read.GetProperty("contents")[0].GetProperty("uri").GetString());

        JsonElement prompt = await InspectAsync(transport, "--method", "prompts/get", "--prompt-name", "everything_stdio_args_prompt", "--prompt-args", "city=Bergen");
        Assert.Contains("Bergen", prompt.GetRawText(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Transports))]
    public async Task App_ThroughMimir_IsFoundWithItsPage(string transport)
    {
        JsonElement app = await InspectAsync(transport, "--app-info", "--tool-name", "apps_get_time", "--method", "tools/call");

        Assert.True(app.GetProperty("hasApp").GetBoolean());
        Assert.Equal("ui://get-time/mcp-app.html", app.GetProperty("resourceUri").GetString());
        Assert.Equal("text/html;profile=mcp-app", app.GetProperty("resourceMimeType").GetString());
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Transports))]
    public async Task AppOfTheStatelessEra_UsedInTheSessionEra_IsListedReadAndCalled(string transport)
    {
        const string Page = "ui://get-time/mcp-app.html";
        string[] target = Target(transport, across.Origin, across.ConfigurationPath);

        JsonElement tools = await RunAsync([.. target, "--method", "tools/list"]);
        JsonElement tool = tools.GetProperty("tools").EnumerateArray().Single(tool => tool.GetProperty("name").GetString() == "apps_stdio_get_time");
        Assert.Equal(Page, tool.GetProperty("_meta").GetProperty("ui").GetProperty("resourceUri").GetString());
        JsonElement app = await RunAsync([.. target, "--app-info", "--tool-name", "apps_http_get_time", "--method", "tools/call"]);
        Assert.True(app.GetProperty("hasApp").GetBoolean());
        Assert.Equal(Page, app.GetProperty("resourceUri").GetString());
        Assert.Equal("text/html;profile=mcp-app", app.GetProperty("resourceMimeType").GetString());

        JsonElement content = (await RunAsync([.. target, "--method", "resources/read", "--uri", Page])).GetProperty("contents")[0];
        Assert.Equal("text/html;profile=mcp-app", content.GetProperty("mimeType").GetString());
        Assert.Contains("<html", content.GetProperty("text").GetString(), StringComparison.Ordinal);
        JsonElement time = await RunAsync([.. target, "--method", "tools/call", "--tool-name", "apps_stdio_get_time"]);
        Assert.True(DateTime.TryParse(time.GetProperty("structuredContent").GetProperty("time").GetString(), out _));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("stdio", "modern")]
    [InlineData("http", "modern")]
    [InlineData("http", "auto")]
    public async Task StatelessEra_ThroughMimir_ListsAndCalls(string transport, string era)
    {
        string[] target = Target(transport, modern.Origin, modern.ConfigurationPath);

        JsonElement tools = await RunAsync([.. target, "--protocol-era", era, "--method", "tools/list"]);
        Assert.Contains("modern_stdio_odd_bytes", tools.GetRawText(), StringComparison.Ordinal);
        JsonElement greeting = await RunAsync([.. target, "--protocol-era", era, "--method", "tools/call", "--tool-name", "modern_http_greet", "--tool-arg", "name=Inspector"]);
        Assert.Equal("Hello, Inspector!", greeting.GetProperty("content")[0].GetProperty("text").GetString());
    }

    private static string[] Target(string transport, Uri origin, string configuration) => transport switch
    {
        // The Inspector has a --config of its own.
        "stdio" => [Workshop.Mimir, "serve", "-e", $"MIMIR_CONFIG={configuration}"],
        "http" => ["--server-url", new Uri(origin, "/mcp").ToString(), "--transport", "http"],
        _ => ["--server-url", new Uri(origin, "/sse").ToString(), "--transport", "sse"],
    };

    private static async Task<JsonElement> RunAsync(string[] arguments)
    {
        await using PeerProcess inspector = PeerProcess.Start(Workshop.Installed("mcp-inspector"), ["--cli", .. arguments]);
        int exitCode = await inspector.EndAsync(Limit);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)} ended with {exitCode}:\n{inspector.Output}");
        using var document = JsonDocument.Parse(inspector.Stdout);
        return document.RootElement.Clone();
    }

    private Task<JsonElement> InspectAsync(string transport, params string[] arguments) =>
        RunAsync([.. Target(transport, ensemble.Origin, ensemble.ConfigurationPath), .. arguments]);
}
