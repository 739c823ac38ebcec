using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mimir.Embed.Http;

/// <summary>Opens the listener at a port.</summary>
internal static class PortBinder
{
    private const int FurtherOn = 99;
    private const int TriesOfFree = 20;

    /// <summary>In use: on Linux, macOS and Windows, and by another listener of http.sys.</summary>
    private static readonly int[] InUse = [98, 48, 10048, 183, 32];

    /// <summary>A prefix that the listener does not take: another of this process has it, or it is one of IPv6, which the managed listener cannot read.</summary>
    private const int NotTaken = 400;

    /// <summary>Not allowed, on all of them.</summary>
    private static readonly int[] NotAllowed = [13, 10013, 5];

    /// <summary>Opens it.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="address">Where, read.</param>
    /// <returns>The listener, started, and the port it has.</returns>
    /// <exception cref="InvalidOperationException">It cannot be opened; the message names the port and what to do.</exception>
    public static (HttpListener Listener, int Port) Open(HttpSettings settings, Address address)
    {
        var port = settings.Port;
        if (port == 0)
        {
            for (var i = 0; i < TriesOfFree; i++)
            {
                var free = FreePort();
                if (TryOpen(address, free) is { } found) return (found, free);
            }

            throw new InvalidOperationException($"No free port was found in {TriesOfFree} tries. Name one in McpHostOptions.Port.");
        }

        var last = settings.TakesNextFreePort ? Math.Min(65535, port + FurtherOn) : port;
        for (var i = port; i <= last; i++)
        {
            if (TryOpen(address, i) is { } found) return (found, i);
        }

        throw new InvalidOperationException(last > port
            ? Text($"All ports from {port} to {last} of {address.Name} are in use. Name another in McpHostOptions.Port, or 0 for any that is free.")
            : Text($"Port {port} of {address.Name} is in use. Stop the program that has it, name another in McpHostOptions.Port (0 for any that is free), or set TakesNextFreePort."));
    }

    private static HttpListener? TryOpen(Address address, int port)
    {
        var hosts = address.Listened.ToList();
        while (true)
        {
            var listener = new HttpListener();
            try
            {
                foreach (var host in hosts) listener.Prefixes.Add($"http://{Address.WithPort(host, port)}/");
                listener.Start();
                return listener;
            }
            catch (HttpListenerException e)
            {
                listener.Close();
                if (InUse.Contains(e.ErrorCode)) return null;
                if (NotAllowed.Contains(e.ErrorCode)) throw new InvalidOperationException(Text($"Port {port} of {address.Name} may not be opened by this user. Name one above 1023 in McpHostOptions.Port."), e);
                if (hosts.Count > 1 && hosts.Remove(Address.Loopback6)) continue;
                if (e.ErrorCode == NotTaken && !hosts[0].StartsWith('[')) return null;
                throw new InvalidOperationException(Text($"Port {port} of {address.Name} cannot be opened: {e.Message} Name another address in McpHostOptions.HostAddress."), e);
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
