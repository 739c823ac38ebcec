using System.Net.Sockets;
using Mimir.Epoll;

namespace Mimir.Echo;

/// <summary>One client's connection: requests are answered in the order they come.</summary>
internal sealed class HttpConnection : IDisposable
{
    private const int BodyRoom = 256;

    private readonly Socket _socket;
    private readonly HttpReader _reader = new();
    private readonly ByteBuffer _body = new();
    private readonly ByteBuffer _output = new();
    private bool _waitsToWrite;

    public HttpConnection(Socket socket)
    {
        _socket = socket;
        Descriptor = new Descriptor((int)socket.Handle, IsSocket: true);
        Descriptor.SetNonBlocking();
    }

    public Descriptor Descriptor { get; }

    public void Dispose() => _socket.Dispose();

    /// <summary>Does what can be done without waiting.</summary>
    /// <returns>False when the connection is over.</returns>
    public bool Serve(EchoServer server, Poller poller, int token)
    {
        try
        {
            if (_waitsToWrite)
            {
                return Flush(poller, token);
            }

            var n = Descriptor.Read(_reader.Free());
            if (n == Descriptor.WouldBlock)
            {
                return true;
            }

            if (n == 0)
            {
                return false;
            }

            _reader.Advance(n);
            while (_reader.TryRead())
            {
                Answer(server);
                _reader.Next();
            }

            return Flush(poller, token);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private void Answer(EchoServer server)
    {
        if (!_reader.Head.StartsWith("POST "u8))
        {
            _output.Add(_reader.Head.StartsWith("DELETE "u8)
                ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8
                : "HTTP/1.1 405 Method Not Allowed\r\nAllow: POST, DELETE\r\nContent-Length: 0\r\n\r\n"u8);
            return;
        }

        _body.Clear();
        var status = server.Answer(_reader.Body, _body);
        _output.Free(_body.Length + BodyRoom);
        _output.Add(status switch
        {
            200 => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"u8,
            202 => "HTTP/1.1 202 Accepted\r\n"u8,
            404 => "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"u8,
            _ => "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n"u8,
        });
        if (server.OpenedSession)
        {
            _output.Add("Mcp-Session-Id: 0123456789abcdef0123456789abcdef\r\n"u8);
        }

        _output.Add("Content-Length: "u8);
        _output.Add(_body.Length);
        _output.Add("\r\n\r\n"u8);
        _output.Add(_body.Span);
    }

    private bool Flush(Poller poller, int token)
    {
        while (_output.Length > 0)
        {
            var n = Descriptor.Write(_output.Span);
            if (n == Descriptor.WouldBlock)
            {
                break;
            }

            _output.Consume(n);
        }

        if (_waitsToWrite != _output.Length > 0)
        {
            _waitsToWrite = _output.Length > 0;
            poller.Change(Descriptor, token, _waitsToWrite);
        }

        return true;
    }
}
