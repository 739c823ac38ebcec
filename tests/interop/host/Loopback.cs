using System.Net;
using System.Net.Sockets;

namespace Mimir.Peers;

/// <summary>Ports of the loopback address.</summary>
public static class Loopback
{
    /// <summary>A port that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Waits until the process accepts connections on the port.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not listen in time; the message carries what it wrote.</exception>
    public static async Task WaitAsync(PeerProcess process, int port, TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, late.Token);
                return;
            }
            catch (Exception refused) when (refused is SocketException or OperationCanceledException)
            {
                if (process.HasExited || late.IsCancellationRequested)
                {
                    string how = process.HasExited ? $"ended with {process.ExitCode}" : $"did not listen within {limit}";
                    throw new InvalidOperationException($"{process.Name} {how}. It wrote:\n{process.Output}");
                }

                await Task.Delay(20, CancellationToken.None);
            }
        }
    }
}
