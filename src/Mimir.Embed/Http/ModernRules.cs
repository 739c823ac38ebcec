using System.Collections.Specialized;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Http;

/// <summary>What the modern revision demands of a request over HTTP: the body decides, and headers that mirror it must agree.</summary>
internal static class ModernRules
{
    /// <summary>The header that names the revision.</summary>
    public const string VersionHeader = "MCP-Protocol-Version";

    private const string VersionKey = "io.modelcontextprotocol/protocolVersion";
    private const string CapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";

    /// <summary>Whether a message says that it carries all it needs.</summary>
    public static bool Claims(JsonRpcMessage message)
    {
        try
        {
            return MetaOf(message)?.ContainsKey(VersionKey) ?? false;
        }
        catch (ArgumentException)
        {
            // A name is there twice, which is seen when its object is first looked into.
            return false;
        }
    }

    /// <summary>Checks a request.</summary>
    /// <returns>The error that it gets, with status 400; null when it is right.</returns>
    public static byte[]? Check(NameValueCollection headers, JsonRpcRequest request)
    {
        var header = headers[VersionHeader]?.Trim();
        if (!Claims(request))
        {
            return request.Method == RequestMethods.Initialize
                ? Mismatch(request, $"{VersionHeader} names a revision that has no initialize.")
                : Replies.Error(request.Id, (int)McpErrorCode.InvalidParams, $"params._meta has no {VersionKey}, which {VersionHeader} promises.");
        }

        var meta = MetaOf(request)!;
        if (TextOf(meta[VersionKey]) is not { } version) return Replies.Error(request.Id, (int)McpErrorCode.InvalidParams, $"params._meta: {VersionKey} is no text.");
        if (meta[CapabilitiesKey] is not JsonObject) return Replies.Error(request.Id, (int)McpErrorCode.InvalidParams, $"params._meta has no {CapabilitiesKey}, which is an object, if an empty one.");
        if (header != version) return Mismatch(request, $"{VersionHeader} is missing or differs from params._meta.");
        if (!Revisions.IsModern(version)) return Unsupported(request.Id, version);
        if (headers["Mcp-Method"]?.Trim() != request.Method) return Mismatch(request, "Mcp-Method is missing or differs from the method.");
        return NameOf(request) is { } name && McpHeaderEncoder.DecodeValue(headers["Mcp-Name"]?.Trim()) != name ? Mismatch(request, "Mcp-Name is missing or differs from the body.") : null;
    }

    /// <summary>The error of a revision that is not spoken.</summary>
    public static byte[] Unsupported(RequestId? id, string requested) => Replies.Error(
        id, (int)McpErrorCode.UnsupportedProtocolVersion, "This revision of the protocol is not spoken here.",
        new JsonObject { ["supported"] = new JsonArray([.. Revisions.Modern.Select(static r => (JsonNode)JsonValue.Create(r)!)]), ["requested"] = requested });

    /// <summary>The status of an answer.</summary>
    /// <param name="method">What was asked.</param>
    /// <param name="errorCode">The code of its error; null for a result.</param>
    public static int StatusOf(string method, int? errorCode) => errorCode switch
    {
        (int)McpErrorCode.HeaderMismatch or (int)McpErrorCode.UnsupportedProtocolVersion or (int)McpErrorCode.MissingRequiredClientCapability or (int)McpErrorCode.InvalidRequest or (int)McpErrorCode.ParseError when !IsApps(method) || errorCode != (int)McpErrorCode.ParseError => 400,

        // A tool may say of itself that it is not implemented.
        (int)McpErrorCode.MethodNotFound when !IsApps(method) => 404,
        _ => 200,
    };

    /// <summary>Whether what the app does decides upon the error.</summary>
    private static bool IsApps(string method) => method is RequestMethods.ToolsCall or RequestMethods.PromptsGet or RequestMethods.ResourcesRead or RequestMethods.CompletionComplete;

    private static byte[] Mismatch(JsonRpcRequest request, string words) => Replies.Error(request.Id, (int)McpErrorCode.HeaderMismatch, words);

    private static JsonObject? MetaOf(JsonRpcMessage message) => (message switch
    {
        JsonRpcRequest request => request.Params,
        JsonRpcNotification notification => notification.Params,
        _ => null,
    } as JsonObject)?["_meta"] as JsonObject;

    private static string? NameOf(JsonRpcRequest request) => request.Params is not JsonObject given ? null : request.Method switch
    {
        RequestMethods.ToolsCall => TextOf(given["name"]) ?? TextOf(given["tool_name"]),
        RequestMethods.PromptsGet => TextOf(given["name"]),
        RequestMethods.ResourcesRead => TextOf(given["uri"]),
        _ => null,
    };

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
