using System.Text.Json;
using Mimir.Wicked.Server;

namespace Mimir.Wicked.Tools;

/// <summary>Questions to the client: requests in the legacy era, <c>input_required</c> in the modern one.</summary>
internal static class Questions
{
    private const string State = "state é \\\" /<>&\\u2028 1.0";

    /// <summary><c>{method, params?, times?}</c>: asks on the stream of the call and answers with what it was told, in structuredContent.</summary>
    public static async Task AskAsync(Exchange exchange, JsonElement arguments)
    {
        var method = arguments.Get("method").AsText() ?? "roots/list";
        var parameters = arguments.Get("params");
        var text = parameters.ValueKind == JsonValueKind.Undefined ? null : parameters.GetRawText();
        if (exchange.Modern)
        {
            await AskModernAsync(exchange, method, text);
            return;
        }

        var answers = new List<string>();
        for (var i = arguments.Get("times").AsInt(1); i > 0; i--)
        {
            var answer = await exchange.Talk.AskAsync(exchange.Outlet, method, text, exchange.Canceled);
            answers.Add(answer.GetRawText());
        }

        await exchange.ReplyAsync($"{Exchange.Text("told")},\"structuredContent\":{{\"answers\":[{string.Join(',', answers)}]}}");
    }

    /// <summary>The same, but asked on the standing stream, after the call was answered.</summary>
    public static async Task AskLaterAsync(Exchange exchange, JsonElement arguments)
    {
        await exchange.ReplyTextAsync("will ask");
        if (exchange.Talk.Standing is { } outlet)
            await exchange.Talk.AskAsync(outlet, arguments.Get("method").AsText() ?? "roots/list", null, CancellationToken.None);
    }

    private static Task AskModernAsync(Exchange exchange, string method, string? parameters)
    {
        var responses = exchange.Frame.Params.Get("inputResponses");
        if (responses.ValueKind != JsonValueKind.Object)
        {
            var tail = parameters is null ? "" : $",\"params\":{parameters}";
            return exchange.Outlet.SendAsync(
                exchange.Answer($"{{\"resultType\":\"input_required\",\"inputRequests\":{{\"q\":{{\"method\":{Json.Text(method)}{tail}}}}},"
                    + $"\"requestState\":\"{State}\"}}"),
                final: true);
        }

        var state = exchange.Frame.Params.Get("requestState");
        return state.ValueKind == JsonValueKind.String && state.GetRawText() == $"\"{State}\""
            ? exchange.ReplyAsync($"{Exchange.Text("told")},\"structuredContent\":{{\"answers\":[{responses.GetRawText()}]}}")
            : exchange.FailAsync(-32602, "requestState was not returned byte for byte");
    }
}
