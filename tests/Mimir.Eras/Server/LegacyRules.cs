namespace Mimir.Eras.Server;

/// <summary>What a server of a revision with sessions does not accept.</summary>
internal static class LegacyRules
{
    private static readonly string[] s_notifications =
        ["notifications/initialized", "notifications/cancelled", "notifications/progress", "notifications/roots/list_changed"];

    /// <summary>Whether the revision has a method.</summary>
    public static bool Knows(Era era, string method) => method switch
    {
        "initialize" or "ping" or "tools/list" or "tools/call" or "prompts/list" or "prompts/get" or "completion/complete"
            or "resources/list" or "resources/templates/list" or "resources/read" or "resources/subscribe" or "resources/unsubscribe"
            or "logging/setLevel" => true,
        "tasks/get" or "tasks/result" or "tasks/list" or "tasks/cancel" => era.From(Era.R202511),
        _ => false,
    };

    /// <summary>What is wrong with a request, null when nothing is.</summary>
    public static Refusal? Wrong(Era era, Peer peer, Message message)
    {
        var method = message.Method!;
        if (!peer.Initialized && method is not ("initialize" or "ping")) return new Refusal(-32600, "Not initialized", Status: 200);
        if (!Knows(era, method)) return new Refusal(-32601, $"Method {method} is not known to {era.Revision}", Status: 200);
        if (Foreign(message) is { } foreign) return new Refusal(-32602, $"{foreign} is not known to {era.Revision}", Status: 200);
        if (message.Params.Has("task") && !(era.From(Era.R202511) && method == "tools/call"))
            return new Refusal(-32602, $"params.task of {method} is not known to {era.Revision}", Status: 200);
        if (method == "completion/complete" && message.Params.Has("context") && !era.From(Era.R202506))
            return new Refusal(-32602, $"params.context is not known to {era.Revision}", Status: 200);
        if (method != "initialize") return null;
        if (peer.Initialized) return new Refusal(-32600, "Initialized already", Status: 200);
        return message.Params.Get("protocolVersion").AsText() is null || !message.Params.Has("capabilities") || !message.Params.Has("clientInfo")
            ? new Refusal(-32602, "initialize needs protocolVersion, capabilities and clientInfo", Status: 200)
            : null;
    }

    /// <summary>What is wrong with a notification, null when nothing is.</summary>
    public static string? WrongNotification(Era era, Message message)
    {
        if (Foreign(message) is { } foreign) return $"{message.Method} with {foreign}";
        return s_notifications.Contains(message.Method) || (message.Method == "notifications/tasks/status" && era.From(Era.R202511))
            ? null
            : message.Method;
    }

    private static string? Foreign(Message message)
    {
        foreach (var key in MetaKeys.Modern)
        {
            if (message.Meta.Has(key)) return "_meta." + key;
        }

        return message.Params.Has("inputResponses") ? "params.inputResponses" : message.Params.Has("requestState") ? "params.requestState" : null;
    }
}
