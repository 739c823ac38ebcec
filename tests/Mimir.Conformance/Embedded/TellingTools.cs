using Mimir.Embed.Attributes;
using Mimir.Embed.Tools;

namespace Mimir.Conformance.Embedded;

/// <summary>Tools that tell something before they answer.</summary>
internal sealed class TellingTools
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    [McpTool("test_tool_with_progress", "Reports 0, 50 and 100 of 100.")]
    public async Task<string> ProgressAsync(ToolContext context)
    {
        foreach (int done in new[] { 0, 50, 100 })
        {
            await context.ReportAsync(done, 100);
            await Task.Delay(s_pause, context.Cancellation);
        }

        return "Progress reported";
    }

    [McpTool("test_tool_with_logging", "Logs three lines while it works.")]
    public async Task<string> LogAsync(ToolContext context)
    {
        await context.LogAsync(LogSeverity.Info, "Tool execution started");
        await Task.Delay(s_pause, context.Cancellation);
        await context.LogAsync(LogSeverity.Info, "Tool processing data");
        await Task.Delay(s_pause, context.Cancellation);
        await context.LogAsync(LogSeverity.Info, "Tool execution completed");
        return "Tool with logging executed successfully";
    }

    [McpTool("test_logging_tool", "Logs while it works.")]
    public async Task<string> LogOnceAsync(ToolContext context)
    {
        await context.LogAsync(LogSeverity.Error, "working", "fixture");
        await context.NextFrameAsync();
        return "done";
    }
}
