using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Mimir.Router.Model;

namespace Mimir.Cli.Hosting;

/// <summary>Where HTTP is served: a loopback address and a port.</summary>
/// <param name="Address">127.0.0.1, another address of 127/8, or ::1.</param>
/// <param name="Port">0 to 65535; 0 lets the system choose.</param>
internal sealed record ListenAddress(IPAddress Address, int Port)
{
    /// <summary>The port when none is given.</summary>
    public const int DefaultPort = RouterModel.DefaultPort;

    /// <summary>The port when none is given and the configuration is a backends file.</summary>
    public const int BackendsPort = 8000;

    /// <summary>The forms that <see cref="TryParse"/> takes, for help texts.</summary>
    public const string Forms = "PORT, HOST:PORT or http://HOST:PORT";

    /// <summary>127.0.0.1:3000.</summary>
    public static ListenAddress Default { get; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>Reads an address as a person writes it: <c>3000</c>, <c>localhost:3000</c>, <c>127.0.0.1</c>, <c>[::1]:3000</c>, <c>http://127.0.0.1:3000</c>.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="address">The address.</param>
    /// <param name="error">What is wrong with it and what to write instead.</param>
    /// <remarks>
    /// An address that other machines reach is refused: whoever reaches the endpoint may run every tool behind it, and there is
    /// no authentication yet.
    /// </remarks>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        var rest = (text ?? "").Trim();
        if (rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            error = "HTTPS is not served here; write http:// and put a proxy that ends TLS in front.";
            return false;
        }

        if (rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest["http://".Length..].TrimEnd('/');
        }

        if (!TrySplit(rest, out var host, out var port))
        {
            error = IsPortTooLarge(rest[(rest.LastIndexOf(':') + 1)..])
                ? $"'{text}' names a port beyond {ushort.MaxValue}. Write a port of 1 to {ushort.MaxValue}, or 0 for any."
                : $"'{text}' is not an address to listen on. Write {Forms}, for example 127.0.0.1:{DefaultPort}.";
            return false;
        }

        if (host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            address = new ListenAddress(IPAddress.Loopback, port);
        }
        else if (IPAddress.TryParse(host, out var parsed))
        {
            address = new ListenAddress(parsed, port);
        }
        else
        {
            error = host is "*" or "+"
                ? NotLoopback(host)
                : $"'{host}' is not an IP address. Write {Forms}, for example 127.0.0.1:{DefaultPort}.";
            return false;
        }

        error = IPAddress.IsLoopback(address.Address) ? null : NotLoopback(host);
        if (error is not null)
        {
            address = null;
        }

        return error is null;
    }

    /// <inheritdoc/>
    public override string ToString() => new IPEndPoint(Address, Port).ToString();

    private static string NotLoopback(string host) =>
        $"Refusing to listen on {host}: other machines could run every tool behind it, and there is no authentication yet. "
        + $"Use 127.0.0.1 or [::1].";

    private static bool TrySplit(string text, out string host, out int port)
    {
        host = text;
        port = DefaultPort;
        if (text.Length == 0)
        {
            return false;
        }

        if (TryPort(text, out var only))
        {
            host = "";
            port = only;
            return true;
        }

        if (text[0] == '[')
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
            {
                return false;
            }

            host = text[1..close];
            return close == text.Length - 1 || (text[close + 1] == ':' && TryPort(text.AsSpan(close + 2), out port));
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || colon != text.LastIndexOf(':'))
        {
            // No port, or an IPv6 address without brackets. Digits alone are a port, even one too large.
            return !IsPortTooLarge(text) && !text.AsSpan().ContainsAny('/', '?', '#');
        }

        host = text[..colon];
        return TryPort(text.AsSpan(colon + 1), out port);
    }

    private static bool IsPortTooLarge(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9') && !TryPort(text, out _);

    private static bool TryPort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;
}
