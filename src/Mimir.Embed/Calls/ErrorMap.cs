using System.Reflection;
using System.Text.Json;
using Mimir.Embed.Tools;
using ModelContextProtocol;

namespace Mimir.Embed.Calls;

/// <summary>Which error code an exception of a tool becomes.</summary>
internal static class ErrorMap
{
    /// <summary>The code.</summary>
    public static int CodeOf(Exception exception) => Own(exception) switch
    {
        McpToolException own => own.Code,
        McpProtocolException protocol => (int)protocol.ErrorCode,
        ArgumentException or KeyNotFoundException => (int)McpErrorCode.InvalidParams,
        JsonException => (int)McpErrorCode.ParseError,
        NotImplementedException => (int)McpErrorCode.MethodNotFound,
        _ => (int)McpErrorCode.InternalError,
    };

    /// <summary>The exception as the protocol tells it: its own words, its code.</summary>
    public static McpProtocolException Map(Exception exception) =>
        Own(exception) as McpProtocolException ?? new McpProtocolException(WordsOf(exception), exception, (McpErrorCode)CodeOf(exception));

    /// <summary>Its words, without what the runtime adds to them.</summary>
    public static string WordsOf(Exception exception)
    {
        exception = Own(exception);
        var words = exception.Message;
        if (exception is ArgumentException { ParamName: { Length: > 0 } name } && words.EndsWith($" (Parameter '{name}')", StringComparison.Ordinal)) words = words[..^$" (Parameter '{name}')".Length];
        return words.Length > 0 ? words : exception.GetType().Name;
    }

    /// <summary>Tells the app's developer of what no tool throws on purpose, with its stack, which the client is not told.</summary>
    public static void Tell(Action<string> log, string what, Exception exception)
    {
        var own = Own(exception);
        if (CodeOf(own) == (int)McpErrorCode.InternalError && own is not (McpException or McpToolException or InvalidOperationException or TimeoutException or OperationCanceledException)) log($"{what} failed: {own}");
    }

    /// <summary>What was thrown by what reflection called.</summary>
    private static Exception Own(Exception exception)
    {
        while (exception is TargetInvocationException { InnerException: { } inner }) exception = inner;
        return exception;
    }
}
