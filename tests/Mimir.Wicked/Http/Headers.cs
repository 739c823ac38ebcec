using System.Text;
using Mimir.Wicked.Server;

namespace Mimir.Wicked.Http;

/// <summary>What the headers of a POST must say.</summary>
internal static class Headers
{
    private const string Version = "MCP-Protocol-Version";

    /// <summary>The JSON-RPC error that the body or its headers deserve, null when they are right.</summary>
    public static (int Code, string Message)? Wrong(HttpRequest request, IReadOnlyList<Frame> frames, Script script)
    {
        if (frames.Count == 0) return (-32700, "Parse error");
        var accept = request.Header("Accept") ?? "";
        if (!accept.Contains("application/json", StringComparison.Ordinal) || !accept.Contains("text/event-stream", StringComparison.Ordinal))
            return (-32600, "Accept must list application/json and text/event-stream");
        if (request.Header("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) != true)
            return (-32600, "Content-Type must be application/json");

        var frame = frames[0];
        if (!frame.Modern || script.Era == ScriptEra.Legacy || frame.Id is null) return null;
        if (request.Header(Version) != frame.Revision) return (-32020, Version + " differs from the body");
        if (request.Header("Mcp-Method") != frame.Method) return (-32020, "Mcp-Method differs from the body");
        var name = frame.Method switch
        {
            "tools/call" or "prompts/get" => frame.Params.Get("name").AsText(),
            "resources/read" => frame.Params.Get("uri").AsText(),
            _ => null,
        };
        return name is null || Decode(request.Header("Mcp-Name")) == name ? null : (-32020, "Mcp-Name differs from the body");
    }

    /// <summary>Whether a legacy request names another revision than was agreed upon.</summary>
    public static bool Misnegotiated(HttpRequest request, string revision) => request.Header(Version) is { } named
        ? named != revision
        : string.CompareOrdinal(revision, "2025-06-18") >= 0;

    private static string? Decode(string? value) =>
        value is not null && value.StartsWith("=?base64?", StringComparison.Ordinal) && value.EndsWith("?=", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(value[9..^2]))
            : value;
}
