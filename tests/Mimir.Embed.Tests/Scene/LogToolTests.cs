using Mimir.Embed.Hosting;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Toolsets;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Scene;

/// <summary>The tool that writes into the app's log.</summary>
public sealed class LogToolTests
{
    [Theory]
    [InlineData(null, LogLevel.Info, "Logged message as Info level.")]
    [InlineData("info", LogLevel.Info, "Logged message as Info level.")]
    [InlineData("warning", LogLevel.Warning, "Logged message as Warning level.")]
    [InlineData("warn", LogLevel.Warning, "Logged message as Warning level.")]
    [InlineData("error", LogLevel.Error, "Logged message as Error level.")]
    public async Task Log_EachLevel_ReachesTheSinkAndSaysSo(string? level, LogLevel expected, string answer)
    {
        var sink = new Sink();
        await using var line = await Line.OpenAsync(new McpHost().UseDefaultToolSet().UseLogTool(sink));

        var result = await line.Client.CallToolAsync("log", Stage.Of("message", "Hello from MCP!", "level", level));

        Assert.Equal(answer, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Equal((expected, "Hello from MCP!"), Assert.Single(sink.Lines));
    }

    [Fact]
    public async Task Log_LineBreaksAndEscapes_CannotMakeUpOtherLines()
    {
        var lines = new List<string>();
        await using var line = await Line.OpenAsync(new McpHost(new McpHostOptions { Log = lines.Add }).UseLogTool());

        await line.Client.CallToolAsync("log", Stage.Of("message", "a\r\n[Error] b\u001b[2J\u2028c", "level", "warn"));

        Assert.Equal("[Warning] a  [Error] b [2J c", Assert.Single(lines));
    }

    [Fact]
    public async Task Log_NoMessageWrongLevelOrTooLong_IsRefused()
    {
        var sink = new Sink();
        await using var line = await Line.OpenAsync(new McpHost().UseLogTool(sink));

        foreach (var wrong in new[] { Stage.Of("level", "info"), Stage.Of("message", "x", "level", "loud"), Stage.Of("message", new string('x', 8193)) })
        {
            var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CallToolAsync("log", wrong));
            Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
        }

        Assert.Empty(sink.Lines);
    }

    private sealed class Sink : ILogSink
    {
        public List<(LogLevel, string)> Lines { get; } = [];

        public void Write(LogLevel level, string message) => Lines.Add((level, message));
    }
}
