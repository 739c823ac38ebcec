using System.Globalization;
using System.Net;

namespace Mimir.Embed.Http;

/// <summary>Where a host listens, and by which names it is called there.</summary>
internal sealed class Address
{
    /// <summary>The IPv6 loopback, which some machines do not have.</summary>
    public const string Loopback6 = "[::1]";

    private const string Loopback4 = "127.0.0.1";
    private const string Localhost = "localhost";
    private static readonly string[] LoopbackNames = [Localhost, Loopback4, Loopback6];

    private Address(string name, bool isLoopback, string[] listened, string[]? called) => (Name, IsLoopback, Listened, Called) = (name, isLoopback, listened, called);

    /// <summary>What clients are told to call.</summary>
    public string Name { get; }

    /// <summary>Whether only this machine can call.</summary>
    public bool IsLoopback { get; }

    /// <summary>The names that are given to the listener.</summary>
    public IReadOnlyList<string> Listened { get; }

    /// <summary>The names that clients may call it by; null for any, where it listens everywhere.</summary>
    public IReadOnlyList<string>? Called { get; }

    /// <summary>Reads it.</summary>
    /// <param name="text">A name or an address.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Address Of(string text)
    {
        var name = text.Trim().TrimStart('[').TrimEnd(']');
        if (name is "*" or "+" or "0.0.0.0" or "::") return new Address(Localhost, false, ["*"], null);
        if (name.Equals(Localhost, StringComparison.OrdinalIgnoreCase)) return new Address(Localhost, true, LoopbackNames, LoopbackNames);
        if (IPAddress.TryParse(name, out var address))
        {
            var written = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
            if (!IPAddress.IsLoopback(address)) return new Address(written, false, [written], [written]);
            return new Address(written, true, LocalhostIs(address) ? [written, Localhost] : [written], [.. LoopbackNames, written]);
        }

        if (Uri.CheckHostName(name) != UriHostNameType.Dns) throw new ArgumentException($"McpHostOptions.HostAddress is '{text}', which is no address: write localhost, 127.0.0.1, ::1 or an address of this machine.");
        return new Address(name, false, [name], [name]);
    }

    /// <summary>A name with a port, as a <c>Host</c> header has it.</summary>
    public static string WithPort(string name, int port) => string.Concat(name, ":", port.ToString(CultureInfo.InvariantCulture));

    /// <summary>The listener binds a name at the first address that it has; that one must not be another than was asked for.</summary>
    private static bool LocalhostIs(IPAddress address)
    {
        try
        {
            return Dns.GetHostAddresses(Localhost) is [var first, ..] && first.Equals(address);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
