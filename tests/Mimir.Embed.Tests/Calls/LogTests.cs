using System.Text.Json;
using Mimir.Embed.Hosting;
using Mimir.Embed.Prompts;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;

namespace Mimir.Embed.Tests.Calls;

/// <summary>What a tool writes into the log that its client sees.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Log_SessionThatSetNoLevel_GetsInfoAndWorse()
    {
        await using var wire = await Wire.OpenAsync(NewHost(), "2025-11-25");

        await wire.AskAsync(1, "tools/call", """{"name":"work","arguments":{}}""");

        Assert.Equal(["info from mill: ground", "emergency from : fire"], Lines(wire));
    }

    [Fact]
    public async Task Log_SessionThatSetsTheLevel_GetsWhatItAskedFor()
    {
        await using var wire = await Wire.OpenAsync(NewHost(), "2025-11-25");

        await wire.AskAsync(1, "logging/setLevel", """{"level":"error"}""");
        await wire.AskAsync(2, "tools/call", """{"name":"work","arguments":{}}""");
        var few = Lines(wire);
        await wire.AskAsync(3, "logging/setLevel", """{"level":"debug"}""");
        await wire.AskAsync(4, "prompts/get", """{"name":"work"}""");

        Assert.Equal(["emergency from : fire"], few);
        Assert.Equal(["emergency from : fire", "debug from : begun", "info from mill: ground", "emergency from : fire"], Lines(wire));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("debug", "debug from : begun|info from mill: ground|emergency from : fire")]
    [InlineData("warning", "emergency from : fire")]
    public async Task Log_RequestWithALevel_GetsWhatItAskedForAndNothingWithout(string? level, string expected)
    {
        await using var wire = await Wire.OpenAsync(NewHost(), "2026-07-28");
        var asked = level is null ? "" : $"\"io.modelcontextprotocol/logLevel\":\"{level}\",";

        await wire.SendAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"work","arguments":{},"_meta":{{{{asked}}}"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } } }""");
        var answer = await wire.NextAsync(static m => m.TryGetProperty("id", out _));
        await wire.AskAsync(2, "tools/call", """{"name":"work","arguments":{}}""");

        Assert.True(answer.TryGetProperty("result", out _), answer.GetRawText());
        Assert.Equal(expected, string.Join('|', Lines(wire)));
    }

    [Fact]
    public async Task Log_RequestWithALevelThatIsNone_IsRefused()
    {
        await using var wire = await Wire.OpenAsync(NewHost(), "2026-07-28");

        await wire.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"work","arguments":{},"_meta":{"io.modelcontextprotocol/logLevel":"loud","io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } } }""");
        var answer = await wire.NextAsync(static m => m.TryGetProperty("id", out _));

        Assert.Equal(-32602, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Empty(Lines(wire));
    }

    [Fact]
    public async Task Log_OverHttp_ComesBeforeTheAnswerInItsStream()
    {
        await using var web = Web.Open(static host => Fill(host));
        using var response = await web.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"work","arguments":{},"_meta":{"io.modelcontextprotocol/logLevel":"notice","io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""",
            ("Accept", "application/json, text/event-stream"), ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "work"));
        using var events = new EventReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("emergency from : fire", Line(await events.NextAsync()));
        Assert.True((await events.NextAsync()).TryGetProperty("result", out _));
        Assert.True(await events.EndsAsync());
    }

    private static McpHost NewHost() => Fill(new McpHost());

    private static McpHost Fill(McpHost host)
    {
        host.Tools.Add("work", "Works.", (ToolContext context) => WorkAsync(context));
        host.Prompts.Add("work", "Works.", (PromptContext context) => WorkAsync(context));
        return host;
    }

    private static async Task<string> WorkAsync(CallContext context)
    {
        await context.LogAsync(LogSeverity.Debug, "begun");
        await context.LogAsync(LogSeverity.Info, "ground", "mill");
        await context.LogAsync(LogSeverity.Emergency, "fire");
        return "done";
    }

    private static List<string> Lines(Wire wire) => [.. wire.Unread.Select(Line)];

    private static string Line(JsonElement message)
    {
        Assert.Equal("notifications/message", message.GetProperty("method").GetString());
        var line = message.GetProperty("params");
        return $"{line.GetProperty("level").GetString()} from {(line.TryGetProperty("logger", out var logger) ? logger.GetString() : "")}: {line.GetProperty("data").GetString()}";
    }
}
