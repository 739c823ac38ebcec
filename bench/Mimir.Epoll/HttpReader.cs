using System.Buffers.Text;
using System.Text;

namespace Mimir.Epoll;

/// <summary>
/// Cuts HTTP/1.1 messages, requests or responses, out of a stream of bytes: Content-Length and chunked bodies, pipelining.
/// </summary>
public sealed class HttpReader
{
    private readonly ByteBuffer _buffer = new(16384);
    private int _searched;
    private int _bodyAt;
    private int _bodyLength;
    private int _chunkAt;
    private int _contentLength;
    private bool _chunked;
    private int _sessionAt;
    private int _sessionLength;

    /// <summary>The status of a response, 0 for a request.</summary>
    public int Status { get; private set; }

    /// <summary>The body is an event stream.</summary>
    public bool IsEventStream { get; private set; }

    /// <summary>The sender closes the connection after this message.</summary>
    public bool Closes { get; private set; }

    /// <summary>The whole body, without the marks of chunks. Valid until <see cref="Next"/>.</summary>
    public ReadOnlySpan<byte> Body => _buffer.Span.Slice(_bodyAt, _bodyLength);

    /// <summary>The value of <c>Mcp-Session-Id</c>, empty without one. Valid until <see cref="Next"/>.</summary>
    public ReadOnlySpan<byte> SessionId => _buffer.Span.Slice(_sessionAt, _sessionLength);

    /// <summary>The start line and headers. Valid until <see cref="Next"/>.</summary>
    public ReadOnlySpan<byte> Head => _buffer.Span[.._bodyAt];

    /// <summary>Room to read into, to be followed by <see cref="Advance"/>.</summary>
    public Span<byte> Free() => _buffer.Free(_bodyAt > 0 && !_chunked ? Math.Max(4096, _bodyAt + _contentLength - _buffer.Length) : 4096);

    /// <summary>So many bytes came in.</summary>
    public void Advance(int count) => _buffer.Advance(count);

    /// <summary>Says whether a whole message is there.</summary>
    /// <exception cref="InvalidDataException">The bytes are no HTTP/1.1 message, or its body has no stated end.</exception>
    public bool TryRead()
    {
        if (_bodyAt == 0 && !TryReadHead())
        {
            return false;
        }

        if (_chunked)
        {
            return TryReadChunks();
        }

        _bodyLength = _contentLength;
        return _buffer.Length >= _bodyAt + _contentLength;
    }

    /// <summary>Drops the message that was read and makes ready for the next.</summary>
    public void Next()
    {
        _buffer.Consume(_chunked ? _chunkAt : _bodyAt + _contentLength);
        Reset();
    }

    /// <summary>Drops everything, for another connection.</summary>
    public void Clear()
    {
        _buffer.Clear();
        Reset();
    }

    private void Reset()
    {
        _searched = _bodyAt = _bodyLength = _chunkAt = _contentLength = _sessionAt = _sessionLength = Status = 0;
        _chunked = IsEventStream = Closes = false;
    }

    private bool TryReadHead()
    {
        var all = _buffer.Span;
        var from = Math.Max(0, _searched - 3);
        var at = all[from..].IndexOf("\r\n\r\n"u8);
        if (at < 0)
        {
            _searched = all.Length;
            return all.Length < 65536 ? false : throw new InvalidDataException("A head of more than 64 KiB.");
        }

        _bodyAt = from + at + 4;
        var head = all[..(_bodyAt - 2)];
        var line = head[..head.IndexOf((byte)'\r')];
        var hasLength = false;
        if (line.StartsWith("HTTP/1."u8))
        {
            if (!Utf8Parser.TryParse(line[9..], out int status, out _))
            {
                throw new InvalidDataException("No status.");
            }

            Status = status;
            hasLength = status is 204 or 304;
        }
        else
        {
            hasLength = true;
        }

        var position = line.Length + 2;
        while (position < head.Length)
        {
            var length = head[position..].IndexOf((byte)'\r');
            hasLength |= ReadHeader(head.Slice(position, length), position);
            position += length + 2;
        }

        _chunkAt = _bodyAt;
        return hasLength || _chunked ? true : throw new InvalidDataException("A body that ends with the connection.");
    }

    private bool ReadHeader(ReadOnlySpan<byte> line, int at)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            throw new InvalidDataException("A header without a colon.");
        }

        var name = line[..colon];
        var value = line[(colon + 1)..].TrimStart((byte)' ');
        var valueAt = at + line.Length - value.Length;
        value = value.TrimEnd((byte)' ');
        switch (name.Length)
        {
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                return Utf8Parser.TryParse(value, out _contentLength, out _) ? true : throw new InvalidDataException("A length that is no number.");
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                _chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
                break;
            case 12 when Ascii.EqualsIgnoreCase(name, "content-type"u8):
                IsEventStream = value.Length >= 17 && Ascii.EqualsIgnoreCase(value[..17], "text/event-stream"u8);
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                Closes = Ascii.EqualsIgnoreCase(value, "close"u8);
                break;
            case 14 when Ascii.EqualsIgnoreCase(name, "mcp-session-id"u8):
                _sessionAt = valueAt;
                _sessionLength = value.Length;
                break;
        }

        return false;
    }

    // Chunk data is moved together behind the head, in place.
    private bool TryReadChunks()
    {
        while (true)
        {
            var rest = _buffer.Span[_chunkAt..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                return false;
            }

            if (!Utf8Parser.TryParse(rest[..end], out int size, out _, 'x') || size < 0)
            {
                throw new InvalidDataException("A chunk without a size.");
            }

            if (rest.Length < end + 1 + size + 2)
            {
                return false;
            }

            _chunkAt += end + 1 + size + 2;
            if (size == 0)
            {
                return true;
            }

            rest.Slice(end + 1, size).CopyTo(_buffer.Span[(_bodyAt + _bodyLength)..]);
            _bodyLength += size;
        }
    }
}
