using System.Text.Json;

namespace Mimir.Eras.Server;

/// <summary>What a server without sessions does not accept.</summary>
internal static class ModernRules
{
    private static readonly string[] s_methods =
    [
        "server/discover", "completion/complete", "prompts/get", "prompts/list", "resources/list", "resources/templates/list", "resources/read",
        "subscriptions/listen", "tools/call", "tools/list", "tasks/get", "tasks/update", "tasks/cancel",
    ];

    private static readonly string[] s_retried = ["tools/call", "prompts/get", "resources/read"];

    private static readonly string[] s_levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    /// <summary>What is wrong with a request, null when nothing is.</summary>
    public static Refusal? Wrong(Era era, Message message)
    {
        var method = message.Method!;
        var claim = message.Meta.Get(MetaKeys.ProtocolVersion);
        if (method == "initialize" && claim.AsText() is null) return Version(era, message.Params.Get("protocolVersion").AsText() ?? "");
        if (claim.AsText() is not { } claimed) return new Refusal(-32602, MetaKeys.ProtocolVersion + " is missing from _meta");
        if (claimed != era.Revision) return Version(era, claimed);
        if (message.Meta.Get(MetaKeys.ClientCapabilities).ValueKind != JsonValueKind.Object)
            return new Refusal(-32602, MetaKeys.ClientCapabilities + " is missing from _meta");
        if (!s_methods.Contains(method)) return new Refusal(-32601, $"Method {method} is not known to {era.Revision}", Status: 404);
        if (message.Meta.Has(MetaKeys.LogLevel) && !s_levels.Contains(message.Meta.Get(MetaKeys.LogLevel).AsText()))
            return new Refusal(-32602, "the log level is none");
        if (message.Meta.Has(MetaKeys.RelatedTask)) return new Refusal(-32602, $"_meta.{MetaKeys.RelatedTask} is not known to {era.Revision}");
        if (message.Params.Has("task")) return new Refusal(-32602, $"params.task is not known to {era.Revision}");
        return message.Params.Has("requestState") && !s_retried.Contains(method)
            ? new Refusal(-32602, $"{method} has no params.requestState")
            : null;
    }

    /// <summary>What is wrong with a notification, null when nothing is. Only pipes carry any: over HTTP, clients have none to send.</summary>
    public static string? WrongNotification(Message message) => message.Method == "notifications/cancelled" ? null : message.Method;

    private static Refusal Version(Era era, string requested) => new(
        -32022,
        "Unsupported protocol version",
        $"{{\"supported\":[\"{era.Revision}\"],\"requested\":{Json.Text(requested)}}}");
}
