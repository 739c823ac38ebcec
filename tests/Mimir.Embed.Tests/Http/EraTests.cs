using System.Net;
using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Http;

/// <summary>The SDK's client over HTTP, in both eras.</summary>
public sealed class EraTests
{
    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    [Theory]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Client_Revision_ListsAndCalls(string revision)
    {
        await using var web = Web.Open(static host => host.Tools.Add("add", "Adds.", (int a, int b) => a + b));
        await using var client = await web.ConnectAsync(revision);

        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        Assert.Equal("add", Assert.Single(await client.ListToolsAsync()).Name);
        Assert.Equal("5", TextOf(await client.CallToolAsync("add", new Dictionary<string, object?> { ["a"] = 2, ["b"] = 3 })));
        var wrong = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("add", new Dictionary<string, object?> { ["a"] = "x" }));
        Assert.Equal(McpErrorCode.InvalidParams, wrong.ErrorCode);
        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("nothing"));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Client_ToolThatAsks_GoesOnWhereItAsked(string revision)
    {
        var begun = 0;
        await using var web = Web.Open(host => host.Tools.Add("pick", "Asks.", async (ToolContext context) =>
        {
            begun++;
            var isSure = await context.ConfirmAsync("Sure?");
            await context.ReportAsync(1, 2, "asked once");
            return isSure && await context.ConfirmAsync("Really?") ? "picked" : "left";
        }));
        var asked = new List<string>();
        await using var client = await web.ConnectAsync(revision, options => options.Handlers = new()
        {
            ElicitationHandler = (question, _) =>
            {
                asked.Add(question!.Message);
                return ValueTask.FromResult(new ElicitResult { Action = "accept" });
            },
        });
        var told = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);

        var result = await client.CallToolAsync("pick", progress: new Told(value => told.TrySetResult(value.Message)));

        Assert.Equal("picked", TextOf(result));
        Assert.Equal((1, "Sure? Really?"), (begun, string.Join(' ', asked)));
        Assert.Equal("asked once", await told.Task.WaitAsync(Web.Patience));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Client_ToolThatReports_IsToldOnTheWay(string revision)
    {
        var go = new TaskCompletionSource();
        await using var web = Web.Open(host => host.Tools.Add("walk", "Reports.", async (ToolContext context) =>
        {
            await context.ReportAsync(1, 2, "half way");
            await go.Task;
            return "there";
        }));
        await using var client = await web.ConnectAsync(revision);
        var told = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);

        var calling = client.CallToolAsync("walk", progress: new Told(value => told.TrySetResult(value.Message)));

        Assert.Equal("half way", await told.Task.WaitAsync(Web.Patience));
        Assert.False(calling.IsCompleted);
        go.SetResult();
        Assert.Equal("there", TextOf(await calling));
    }

    [Fact]
    public async Task Tools_Change_LegacyClientIsToldOverItsStream()
    {
        await using var web = Web.Open();
        await using var client = await web.ConnectAsync("2025-11-25");
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) =>
        {
            told.TrySetResult();
            return default;
        });

        web.Host.Tools.Add("late", "Comes late.", static () => "here");

        await told.Task.WaitAsync(Web.Patience);
        Assert.Equal("late", Assert.Single(await client.ListToolsAsync()).Name);
    }

    [Fact]
    public async Task Tools_Change_SessionKeepsTheNewsUntilTheStreamIsOpenAgain()
    {
        await using var web = Web.Open();
        var session = await InitializeAsync(web);
        web.Host.Tools.Add("late", "Comes late.", static () => "here");

        using var first = await web.SendAsync(HttpMethod.Get, "/mcp", null, ("Accept", "text/event-stream"), ("Mcp-Session-Id", session));
        using var one = new EventReader(await first.Content.ReadAsStreamAsync());
        Assert.Equal("notifications/tools/list_changed", (await one.NextAsync()).GetProperty("method").GetString());

        using var second = await web.SendAsync(HttpMethod.Get, "/mcp", null, ("Accept", "text/event-stream"), ("Mcp-Session-Id", session));
        using var two = new EventReader(await second.Content.ReadAsStreamAsync());
        Assert.True(await one.EndsAsync(), "the older stream goes on beside the newer one");
        web.Host.Tools.Remove("late");
        Assert.Equal("notifications/tools/list_changed", (await two.NextAsync()).GetProperty("method").GetString());
    }

    [Fact]
    public async Task Listen_ToolsChange_IsAcknowledgedToldAndEndedByTheHost()
    {
        await using var web = Web.Open();
        using var response = await web.PostAsync(Modern("subscriptions/listen", "\"sub-1\"", "\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true,\"nonsense\":true},"), ModernHeaders("subscriptions/listen"));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var events = new EventReader(await response.Content.ReadAsStreamAsync());

        var acknowledged = await events.NextAsync();
        web.Host.Tools.Add("late", "Comes late.", static () => "here");
        var changed = await events.NextAsync();
        var stopping = web.Host.StopAsync();
        var last = await events.NextAsync();

        Assert.Equal("""{"toolsListChanged":true,"promptsListChanged":true}""", acknowledged.GetProperty("params").GetProperty("notifications").GetRawText());
        Assert.Equal("notifications/tools/list_changed", changed.GetProperty("method").GetString());
        Assert.Equal("sub-1", changed.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetString());
        Assert.Equal(("sub-1", "complete"), (last.GetProperty("id").GetString(), last.GetProperty("result").GetProperty("resultType").GetString()));
        Assert.True(await events.EndsAsync());
        await stopping;
    }

    [Fact]
    public async Task Discover_Capabilities_TellThatChangesAreTold()
    {
        await using var web = Web.Open();

        var answer = await Web.JsonAsync(await web.PostAsync(Modern("server/discover"), ModernHeaders("server/discover")));

        var result = answer.GetProperty("result");
        Assert.Equal("2026-07-28", Assert.Single(result.GetProperty("supportedVersions").EnumerateArray()).GetString());
        Assert.True(result.GetProperty("capabilities").GetProperty("tools").GetProperty("listChanged").GetBoolean());
    }

    [Fact]
    public async Task Post_ToolThatAsksOfAClientThatCannot_TellsWhatIsMissing()
    {
        await using var web = Web.Open(static host => host.Tools.Add("pick", "Asks.", static (ToolContext context) => context.ConfirmAsync("Sure?")));

        using var modern = await web.PostAsync(Modern("tools/call", "9", "\"name\":\"pick\","), ModernHeaders("tools/call", "pick"));
        using var simple = await web.PostAsync("""{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"pick"}}""");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (modern.StatusCode, simple.StatusCode));
        var error = (await Web.JsonAsync(modern)).GetProperty("error");
        Assert.Equal(-32021, error.GetProperty("code").GetInt32());
        Assert.Equal(JsonValueKind.Object, error.GetProperty("data").GetProperty("requiredCapabilities").GetProperty("elicitation").ValueKind);
        Assert.Equal(-32603, (await Web.JsonAsync(simple)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Post_PromptThatIsNotWritten_IsItsErrorAndNotThatOfTheMethod()
    {
        await using var web = Web.Open(static host => host.Prompts.Add("later", "Not yet.", static string () => throw new NotImplementedException()));

        using var response = await web.PostAsync(Modern("prompts/get", "9", "\"name\":\"later\","), ModernHeaders("prompts/get", "later"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(-32601, (await Web.JsonAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("version-header-missing", 400, -32020)]
    [InlineData("version-header-differs", 400, -32020)]
    [InlineData("method-header-missing", 400, -32020)]
    [InlineData("method-header-differs", 400, -32020)]
    [InlineData("name-header-missing", 400, -32020)]
    [InlineData("name-header-differs", 400, -32020)]
    [InlineData("name-header-encoded", 200, 0)]
    [InlineData("meta-missing", 400, -32602)]
    [InlineData("capabilities-missing", 400, -32602)]
    [InlineData("unknown-version", 400, -32022)]
    [InlineData("unknown-version-header", 400, -32022)]
    [InlineData("unknown-method", 404, -32601)]
    [InlineData("removed-method", 404, -32601)]
    [InlineData("initialize", 400, -32020)]
    [InlineData("unknown-tool", 200, -32602)]
    [InlineData("in-order", 200, 0)]
    public async Task Post_ModernRequest_IsHeldToItsRules(string what, int status, int code)
    {
        await using var web = Web.Open(static host => host.Tools.Add("add", "Adds.", (int a, int b) => a + b));
        var (method, headers) = what switch
        {
            "unknown-method" => ("nonsense", ModernHeaders("nonsense")),
            "removed-method" => ("ping", ModernHeaders("ping")),
            "initialize" => ("initialize", ModernHeaders("initialize")),
            _ => ("tools/call", ModernHeaders("tools/call", what == "unknown-tool" ? "nothing" : "add")),
        };
        var body = Modern(method, "9", what == "unknown-tool" ? "\"name\":\"nothing\"," : "\"name\":\"add\",\"arguments\":{\"a\":1,\"b\":2},");
        var (headers2, body2) = what switch
        {
            "version-header-missing" => (Without(headers, "MCP-Protocol-Version"), body),
            "version-header-differs" => (With(headers, "MCP-Protocol-Version", "2025-11-25"), body),
            "method-header-missing" => (Without(headers, "Mcp-Method"), body),
            "method-header-differs" => (With(headers, "Mcp-Method", "tools/list"), body),
            "name-header-missing" => (Without(headers, "Mcp-Name"), body),
            "name-header-differs" => (With(headers, "Mcp-Name", "Add"), body),
            "name-header-encoded" => (With(headers, "Mcp-Name", "=?base64?YWRk?="), body),
            "meta-missing" or "initialize" => (headers, $$$"""{"jsonrpc":"2.0","id":9,"method":"{{{method}}}","params":{"name":"add"}}"""),
            "capabilities-missing" => (headers, body.Replace("io.modelcontextprotocol/clientCapabilities", "nothing", StringComparison.Ordinal)),
            "unknown-version" => (With(headers, "MCP-Protocol-Version", "2031-01-01"), body.Replace("2026-07-28", "2031-01-01", StringComparison.Ordinal)),
            "unknown-version-header" => (With(headers, "MCP-Protocol-Version", "yesterday"), $$$"""{"jsonrpc":"2.0","id":9,"method":"{{{method}}}"}"""),
            _ => (headers, body),
        };

        using var response = await web.PostAsync(body2, headers2);

        Assert.Equal(status, (int)response.StatusCode);
        var answer = await Web.JsonAsync(response);
        Assert.Equal(9, answer.GetProperty("id").GetInt32());
        Assert.Equal(code, answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0);
        if (code == -32022) Assert.Equal("2026-07-28", error.GetProperty("data").GetProperty("supported")[0].GetString());
    }

    internal static (string, string)[] ModernHeaders(string method, string? name = null) =>
    [
        ("Accept", "application/json, text/event-stream"), ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method),
        .. name is null ? Array.Empty<(string, string)>() : [("Mcp-Name", name)],
    ];

    internal static string Modern(string method, string id = "1", string given = "") => $$$$"""
        {"jsonrpc":"2.0","id":{{{{id}}}},"method":"{{{{method}}}}","params":{ {{{{given}}}}
         "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"} } } }
        """;

    internal static async Task<string> InitializeAsync(Web web, string revision = "2025-11-25")
    {
        using var response = await web.PostAsync(
            $$$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{{revision}}}}","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""",
            ("Accept", "application/json, text/event-stream"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Assert.Single(response.Headers.GetValues("Mcp-Session-Id"));
    }

    private static (string, string)[] Without((string Name, string)[] headers, string name) => [.. headers.Where(h => h.Name != name)];

    private static (string, string)[] With((string Name, string)[] headers, string name, string value) => [.. Without(headers, name), (name, value)];

    private static string TextOf(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    private sealed class Told(Action<ProgressNotificationValue> tell) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => tell(value);
    }
}
