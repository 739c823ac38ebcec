using System.Net;
using Microsoft.AspNetCore.Http;

namespace Mimir.Http.Guards;

/// <summary>
/// Refuses requests that a web page elsewhere caused: the Host must be an address or name of this machine's loopback with our port,
/// and an Origin, where there is one, must be of the same kind. This is what stops DNS rebinding.
/// </summary>
internal sealed class OriginGuard
{
    private readonly HashSet<string> _hosts;

    /// <param name="port">The port we listen on.</param>
    public OriginGuard(int port)
    {
        _hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in new[] { "localhost", "127.0.0.1", "[::1]" })
        {
            _hosts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}:{port}"));
            if (port == 80)
            {
                _hosts.Add(name);
            }
        }
    }

    /// <summary>Tells whether a request may come in.</summary>
    public bool Allows(HttpRequest request)
    {
        var host = request.Headers.Host;
        if (host.Count != 1 || host[0] is not { } name || !_hosts.Contains(name))
        {
            return false;
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && origin[0] is { } text && AllowsOrigin(text));
    }

    private static bool AllowsOrigin(string text)
    {
        // Any port: a page served from this machine (an inspector, say) is as trusted as a program on it.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https") || origin.UserInfo.Length > 0
            || origin.PathAndQuery != "/" || origin.Fragment.Length > 0 || text.EndsWith('/'))
        {
            return false;
        }

        var host = origin.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
