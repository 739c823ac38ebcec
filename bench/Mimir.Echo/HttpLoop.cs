using System.Net;
using System.Net.Sockets;
using Mimir.Epoll;

namespace Mimir.Echo;

/// <summary>Streamable HTTP on one thread: POST is answered with JSON, DELETE ends nothing, GET is not offered.</summary>
internal static class HttpLoop
{
    public static void Run(EchoServer server, int port)
    {
        StdinGuard.ExitAtEndOfInput();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(1024);

        using var poller = new Poller();
        poller.Add(new Descriptor((int)listener.Handle, IsSocket: true), 0);
        var connections = new List<HttpConnection?> { null };
        var free = new Stack<int>();
        while (true)
        {
            var ready = poller.Wait(-1);
            for (var i = 0; i < ready; i++)
            {
                var token = poller.Token(i);
                if (token == 0)
                {
                    Accept(listener, poller, connections, free);
                }
                else if (connections[token] is { } connection && !connection.Serve(server, poller, token))
                {
                    connection.Dispose();
                    connections[token] = null;
                    free.Push(token);
                }
            }
        }
    }

    private static void Accept(Socket listener, Poller poller, List<HttpConnection?> connections, Stack<int> free)
    {
        var socket = listener.Accept();
        socket.NoDelay = true;
        var connection = new HttpConnection(socket);
        if (!free.TryPop(out var token))
        {
            token = connections.Count;
            connections.Add(null);
        }

        connections[token] = connection;
        poller.Add(connection.Descriptor, token);
    }
}
