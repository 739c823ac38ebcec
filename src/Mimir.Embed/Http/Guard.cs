using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Mimir.Embed.Http;

/// <summary>Who may call: asked before anything else of a request is looked at.</summary>
internal sealed class Guard
{
    private const string Scheme = "Bearer ";
    private const int PortOfHttp = 80;
    private readonly HashSet<string>? _hosts;
    private readonly HashSet<string> _origins;
    private readonly byte[]? _token;

    /// <summary>A guard.</summary>
    /// <param name="settings">Whom it lets in.</param>
    /// <param name="address">Where.</param>
    /// <param name="port">At which port.</param>
    public Guard(HttpSettings settings, Address address, int port)
    {
        _token = settings.BearerToken is { } token ? Hash(token) : null;
        _origins = new HashSet<string>(settings.AllowedOrigins.Select(static o => o.Trim().TrimEnd('/')), StringComparer.OrdinalIgnoreCase);
        if (address.Called is null) return;
        _hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in address.Called)
        {
            _hosts.Add(Address.WithPort(name, port));
            if (port == PortOfHttp) _hosts.Add(name);
        }

        foreach (var host in _hosts) _origins.Add($"http://{host}");
    }

    /// <summary>Whether names and origin are right. A page of another site that had its name point to this machine is stopped here.</summary>
    /// <returns>Why not; null when they are.</returns>
    public Refusal? CheckNames(HttpListenerRequest request)
    {
        if (_hosts is not null && (request.Headers["Host"] is not { } host || !_hosts.Contains(host))) return new Refusal(403, "The Host header is not this host's name and port.");
        if (request.Headers["Origin"] is { } origin && !_origins.Contains(origin)) return new Refusal(403, "This Origin may not call. The app can allow it in McpHostOptions.AllowedOrigins.");
        return null;
    }

    /// <summary>Whether the token is right. It is taken from the header alone: an address is written to logs.</summary>
    /// <returns>Why not; null when it is.</returns>
    public Refusal? CheckToken(HttpListenerRequest request)
    {
        if (_token is null) return null;
        var shown = request.Headers["Authorization"];
        var isBearer = shown is not null && shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        if (isBearer && CryptographicOperations.FixedTimeEquals(_token, Hash(shown![Scheme.Length..].Trim()))) return null;
        return new Refusal(401, "Send the app's token as Authorization: Bearer ...", "WWW-Authenticate", isBearer ? "Bearer realm=\"mimir\", error=\"invalid_token\"" : "Bearer realm=\"mimir\"");
    }

    private static byte[] Hash(string token)
    {
        var bytes = Encoding.UTF8.GetBytes(token);
#if NET
        return SHA256.HashData(bytes);
#else
        using var hash = SHA256.Create();
        return hash.ComputeHash(bytes);
#endif
    }
}
