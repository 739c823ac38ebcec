using System.Globalization;
using System.Text.Json;
using Mimir.Management.Serving;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using static Mimir.Management.Serving.ToolArguments;

namespace Mimir.Cli.Demo;

/// <summary>Runs the tools of the demo server. Wrong arguments are tool errors, which a model can read and mend; an unknown tool is a protocol error.</summary>
internal sealed class DemoTools(TimeProvider time)
{
    /// <summary>Answers one <c>tools/call</c>.</summary>
    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var call = request.Params ?? throw new McpProtocolException("params are missing", McpErrorCode.InvalidParams);
        try
        {
            return call.Name switch
            {
                DemoToolDefinitions.Echo => Echo(call),
                DemoToolDefinitions.Add => Add(call),
                DemoToolDefinitions.Count => await CountAsync(request, call, cancellationToken).ConfigureAwait(false),
                DemoToolDefinitions.Ask => await DemoQuestion.AskAsync(request, call, cancellationToken).ConfigureAwait(false),
                _ => throw new McpProtocolException($"Unknown tool: {call.Name}", McpErrorCode.InvalidParams),
            };
        }
        catch (ToolArgumentException e)
        {
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = e.Message }] };
        }
    }

    private static CallToolResult Echo(CallToolRequestParams call) => TextResult(Text(call, "text"));

    private static CallToolResult Add(CallToolRequestParams call)
    {
        var sum = Number(call, "a") + Number(call, "b");
        if (!double.IsFinite(sum))
        {
            throw new ToolArgumentException("The sum is larger than a number can be.");
        }

        var text = sum.ToString("R", CultureInfo.InvariantCulture);
        using var structured = JsonDocument.Parse($$"""{"sum":{{text}}}""");
        return new CallToolResult { Content = [new TextContentBlock { Text = text }], StructuredContent = structured.RootElement.Clone() };
    }

    private async ValueTask<CallToolResult> CountAsync(
        RequestContext<CallToolRequestParams> request, CallToolRequestParams call, CancellationToken cancellationToken)
    {
        var to = Integer(call, "to", DemoToolDefinitions.CountDefault, 1, DemoToolDefinitions.CountMost);
        var delay = TimeSpan.FromMilliseconds(Integer(call, "delayMs", DemoToolDefinitions.DelayDefault, 0, DemoToolDefinitions.DelayMost));
        for (var i = 1; i <= to; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            }

            if (call.ProgressToken is { } token)
            {
                var value = new ProgressNotificationValue { Progress = i, Total = to, Message = $"{i} of {to}" };
                await request.Server.NotifyProgressAsync(token, value, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
        }

        return TextResult($"Counted to {to}.");
    }

    private static CallToolResult TextResult(string text) => new() { Content = [new TextContentBlock { Text = text }] };
}
