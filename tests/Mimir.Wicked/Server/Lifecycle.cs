using Mimir.Wicked.Tools;

namespace Mimir.Wicked.Server;

/// <summary>Handshakes and what else belongs to an era rather than to an offer.</summary>
internal static class Lifecycle
{
    private const string Capabilities =
        """{"tools":{"listChanged":true},"prompts":{"listChanged":true},"resources":{"listChanged":true,"subscribe":true},"completions":{},"logging":{}}""";

    private const string ModernCapabilities =
        """{"tools":{"listChanged":true},"prompts":{"listChanged":true},"resources":{"listChanged":true,"subscribe":true},"completions":{}}""";

    private static readonly string[] s_legacyOnly = ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"];
    private static readonly string[] s_modernOnly = ["server/discover", "subscriptions/listen"];

    /// <summary>The methods.</summary>
    public static IReadOnlyDictionary<string, Func<Exchange, Task>> Methods { get; } = new Dictionary<string, Func<Exchange, Task>>
    {
        ["server/discover"] = DiscoverAsync,
        ["initialize"] = InitializeAsync,
        ["ping"] = exchange => exchange.ReplyAsync(""),
        ["logging/setLevel"] = exchange => exchange.ReplyAsync(""),
        ["resources/subscribe"] = SubscribeAsync,
        ["resources/unsubscribe"] = UnsubscribeAsync,
    };

    /// <summary>Answers what the era of the server or of the request does not allow.</summary>
    /// <returns>Whether it did.</returns>
    public static async Task<bool> RefusedAsync(Exchange exchange)
    {
        var method = exchange.Frame.Method!;
        var script = exchange.Server.Script;
        if (method == "server/discover" && script.OnProbe != Reaction.Answer)
        {
            await Mischief.ReactAsync(exchange, script.OnProbe);
            return true;
        }

        var modern = exchange.Modern && script.Era != ScriptEra.Legacy;
        if (modern && exchange.Frame.Revision != WickedServer.ModernRevision)
        {
            await exchange.FailAsync(-32022, "Unsupported protocol version", Versions(exchange.Frame.Revision!), 400);
            return true;
        }

        if (modern && exchange.Frame.Meta.Get("io.modelcontextprotocol/clientCapabilities").ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            await exchange.FailAsync(-32602, "clientCapabilities missing from _meta", status: 400);
            return true;
        }

        if (!modern && script.Era == ScriptEra.Modern)
        {
            if (method == "initialize")
                await exchange.FailAsync(-32022, "Unsupported protocol version", Versions(exchange.Frame.Params.Get("protocolVersion").AsText() ?? ""), 400);
            else
                await exchange.FailAsync(-32602, "protocolVersion missing from _meta", status: 400);
            return true;
        }

        if (!modern && method is not ("initialize" or "ping") && exchange.Talk.Revision is null && !s_modernOnly.Contains(method))
        {
            await exchange.FailAsync(-32600, "Not initialized");
            return true;
        }

        if ((modern ? s_legacyOnly : s_modernOnly).Contains(method))
        {
            await exchange.FailAsync(-32601, "Method not found", status: modern ? 404 : 200);
            return true;
        }

        return false;
    }

    private static string Versions(string requested) =>
        $"{{\"supported\":[\"{WickedServer.ModernRevision}\"],\"requested\":{Json.Text(requested)}}}";

    private static Task DiscoverAsync(Exchange exchange) => exchange.ReplyAsync(
        $"\"supportedVersions\":[\"{WickedServer.ModernRevision}\"],\"capabilities\":{ModernCapabilities},"
        + $"\"instructions\":{Json.Text("Ask " + exchange.Server.Script.Name)}",
        cacheable: true);

    private static Task InitializeAsync(Exchange exchange)
    {
        var script = exchange.Server.Script;
        if (script.OnInitialize != Reaction.Answer) return Mischief.ReactAsync(exchange, script.OnInitialize);
        var asked = exchange.Frame.Params.Get("protocolVersion").AsText() ?? "";
        var revision = script.Revisions.Contains(asked) ? asked : script.Revisions[0];
        exchange.Talk.Revision = revision;
        exchange.Talk.Capabilities = exchange.Frame.Params.Get("capabilities");
        return exchange.ReplyAsync(
            $"\"protocolVersion\":\"{revision}\",\"capabilities\":{Capabilities},\"serverInfo\":{exchange.Server.Info},"
            + $"\"instructions\":{Json.Text("Ask " + script.Name)}");
    }

    private static Task SubscribeAsync(Exchange exchange)
    {
        exchange.Talk.Subscribed[exchange.Frame.Params.Get("uri").AsText() ?? ""] = true;
        return exchange.ReplyAsync("");
    }

    private static Task UnsubscribeAsync(Exchange exchange)
    {
        exchange.Talk.Subscribed.TryRemove(exchange.Frame.Params.Get("uri").AsText() ?? "", out _);
        return exchange.ReplyAsync("");
    }
}
