using Microsoft.AspNetCore.Http;

namespace Mimir.Http.Guards;

/// <summary>An address behind which everybody is led to a server of his own, by the bearer token that he shows (RFC 6750); nobody else gets past it.</summary>
/// <param name="path">The path, e.g. <c>/inventory</c>.</param>
/// <param name="serverOf">The name of the server that a token leads to, or null. Must compare tokens in constant time.</param>
public sealed class KeyedDoor(string path, Func<string, string?> serverOf)
{
    private const string Scheme = "Bearer ";
    private const int MostToken = 1024;

    /// <summary>The path.</summary>
    public string Path { get; } = path;

    /// <summary>The server that a request is led to; null when it shows no token, or one that leads nowhere.</summary>
    internal string? ServerOf(HttpRequest request)
    {
        var headers = request.Headers.Authorization;
        return headers is [{ } text] && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && text.Length <= Scheme.Length + MostToken
            ? serverOf(text[Scheme.Length..].Trim())
            : null;
    }

    /// <summary>Says that a token is needed.</summary>
    internal static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"mimir inventory\"";
        return Task.CompletedTask;
    }
}
