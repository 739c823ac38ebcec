using System.Net;
using System.Net.Sockets;
using Mimir.Epoll;

namespace Mimir.Load;

/// <summary>One keep-alive connection: a request goes out, its reply comes in, nothing waits.</summary>
internal sealed class HttpLink : IDisposable
{
    private readonly Socket _socket;

    private HttpLink(Socket socket)
    {
        _socket = socket;
        Descriptor = new Descriptor((int)socket.Handle, IsSocket: true);
        Descriptor.SetNonBlocking();
    }

    public Descriptor Descriptor { get; }

    /// <summary>Connects to a port of the loopback address.</summary>
    /// <exception cref="IOException">Nobody listens there.</exception>
    public static HttpLink Connect(int port) => TryConnect(port) ?? throw new IOException($"Nobody listens on port {port}.");

    /// <summary>Connects to a port of the loopback address; null when nobody listens there. Costs no exception, so it can be asked often.</summary>
    public static HttpLink? TryConnect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var done = new ManualResetEventSlim();
        using var connect = new SocketAsyncEventArgs { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, port) };
        connect.Completed += (_, _) => done.Set();
        if (socket.ConnectAsync(connect))
        {
            done.Wait();
        }

        if (connect.SocketError == SocketError.Success)
        {
            return new HttpLink(socket);
        }

        socket.Dispose();
        return null;
    }

    /// <summary>The request that goes out; fill it, then <see cref="Flush"/>.</summary>
    public ByteBuffer Output { get; } = new();

    /// <summary>The reply, once <see cref="Receive"/> says so.</summary>
    public HttpReader Reply { get; } = new();

    /// <summary>The id of the call under way.</summary>
    public long Id { get; set; }

    /// <summary>When it was sent.</summary>
    public long SentAt { get; set; }

    /// <summary>The output did not fit and waits for room.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Sends what fits.</summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    public void Flush()
    {
        IsBlocked = false;
        while (Output.Length > 0)
        {
            var n = Descriptor.Write(Output.Span);
            if (n == Descriptor.WouldBlock)
            {
                IsBlocked = true;
                return;
            }

            Output.Consume(n);
        }
    }

    /// <summary>Takes what came in.</summary>
    /// <returns>True when the reply is whole.</returns>
    /// <exception cref="IOException">The peer closed the connection.</exception>
    /// <exception cref="InvalidDataException">It is no HTTP.</exception>
    public bool Receive()
    {
        while (true)
        {
            var room = Reply.Free();
            var n = Descriptor.Read(room);
            if (n == 0)
            {
                throw new IOException("The connection was closed.");
            }

            if (n == Descriptor.WouldBlock)
            {
                return false;
            }

            Reply.Advance(n);
            if (Reply.TryRead())
            {
                return true;
            }

            if (n < room.Length)
            {
                return false;
            }
        }
    }

    /// <summary>Waits for the whole reply.</summary>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    public void Wait(TimeSpan timeout)
    {
        var deadline = DateTime.UtcNow + timeout;
        do
        {
            if (IsBlocked)
            {
                Flush();
            }

            _socket.Poll(TimeSpan.FromMilliseconds(IsBlocked ? 1 : 100), SelectMode.SelectRead);
            if (Receive())
            {
                return;
            }
        }
        while (DateTime.UtcNow < deadline);
        throw new TimeoutException("No reply over HTTP in time.");
    }

    public void Dispose() => _socket.Dispose();
}
