using System.Text;
using Microsoft.AspNetCore.Http;
using Mimir.Eras.Server;

namespace Mimir.Eras.Http;

/// <summary>What the endpoints of Streamable HTTP have in common.</summary>
internal static class StreamableReply
{
    /// <summary>The path.</summary>
    public const string Path = "/mcp";

    /// <summary>Reads the body.</summary>
    public static async Task<byte[]> ReadAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }

    /// <summary>Sends a whole reply.</summary>
    public static async Task SendAsync(HttpContext http, int status, string? json)
    {
        http.Response.StatusCode = status;
        if (json is null) return;
        var bytes = Encoding.UTF8.GetBytes(json);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes);
    }

    /// <summary>Sends an error as a whole reply.</summary>
    public static Task RefuseAsync(HttpContext http, int status, int code, string message, string id = "null") =>
        SendAsync(http, status, Json.Error(id, code, message));

    /// <summary>What is wrong with the media types of a POST, null when nothing is.</summary>
    public static string? WrongMedia(HttpContext http)
    {
        var accept = http.Request.Headers.Accept.ToString();
        if (!accept.Contains("application/json", StringComparison.Ordinal) || !accept.Contains("text/event-stream", StringComparison.Ordinal))
            return "Accept must list application/json and text/event-stream";
        return http.Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true ? null : "Content-Type must be application/json";
    }
}
