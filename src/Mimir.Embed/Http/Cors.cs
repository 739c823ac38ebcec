using System.Net;

namespace Mimir.Embed.Http;

/// <summary>What a browser has to be told before it lets a page of an origin that may call do so.</summary>
internal static class Cors
{
    /// <summary>Tells that the origin may. It has been checked before.</summary>
    public static void Allow(HttpListenerRequest request, HttpListenerResponse response)
    {
        if (request.Headers["Origin"] is not { } origin) return;
        response.Headers["Access-Control-Allow-Origin"] = origin;
        response.Headers["Access-Control-Expose-Headers"] = "Mcp-Session-Id, WWW-Authenticate";
        response.Headers["Vary"] = "Origin";
    }

    /// <summary>Whether a browser asks if it may; it shows no token then.</summary>
    public static bool IsQuestion(HttpListenerRequest request) =>
        request.HttpMethod == "OPTIONS" && request.Headers["Origin"] is not null && request.Headers["Access-Control-Request-Method"] is not null;

    /// <summary>Answers that.</summary>
    public static void Answer(HttpListenerResponse response)
    {
        response.Headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE";
        response.Headers["Access-Control-Allow-Headers"] = "Accept, Authorization, Content-Type, Last-Event-ID, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id";
        Replies.Empty(response, 204);
    }
}
