using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Mimir.Wicked.Server;

namespace Mimir.Wicked.Http;

/// <summary>
/// HTTP/1.1 on a socket, written out by hand so that it can be broken at any byte. Requests do not overlap, but while one is answered
/// the socket is watched, so that a peer that leaves is noticed at once.
/// </summary>
internal sealed class HttpConnection(Socket socket) : IDisposable
{
    private const int MaxHead = 1 << 20;
    private const int MaxBody = 256 << 20;

    private readonly CancellationTokenSource _gone = new();
    private byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;
    private Task<int>? _fill;

    /// <summary>Fires when the peer has closed its side.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Whether the reply at hand has ended whole.</summary>
    public bool Ended { get; private set; }

    /// <summary>Reads the next request, null at the end of the connection.</summary>
    public async Task<HttpRequest?> ReadAsync()
    {
        int head;
        while ((head = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (_end - _start > MaxHead || await FillAsync() == 0) return null;
        }

        var lines = Encoding.UTF8.GetString(_buffer, _start, head).Split("\r\n");
        _start += head + 4;
        var words = lines[0].Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        var body = headers.GetValueOrDefault("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true
            ? await ReadChunksAsync()
            : await ReadExactlyAsync(int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture));
        if (words.Length < 2 || body is null) return null;

        Ended = false;
        _fill ??= WatchAsync();
        var target = words[1].Split('?', 2);
        return new HttpRequest(words[0], target[0], target.Length > 1 ? target[1] : "", headers, body);
    }

    /// <summary>Sends a whole reply.</summary>
    public async Task ReplyAsync(int status, string? type, ReadOnlyMemory<byte> body, params (string Name, string Value)[] headers)
    {
        var head = Head(status, type, headers) + $"Content-Length: {Json.Digits(body.Length)}\r\n\r\n";
        await socket.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(head), .. body.Span]);
        Ended = true;
    }

    /// <summary>Starts a reply of unknown length.</summary>
    public async Task StartAsync(int status, string type, params (string Name, string Value)[] headers) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(Head(status, type, headers) + "Transfer-Encoding: chunked\r\n\r\n"));

    /// <summary>Sends a piece of it.</summary>
    public async Task ChunkAsync(ReadOnlyMemory<byte> bytes)
    {
        var size = Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        byte[] chunk = [.. size, .. bytes.Span, .. "\r\n"u8];
        for (var sent = 0; sent < chunk.Length;) sent += await socket.SendAsync(chunk.AsMemory(sent));
    }

    /// <summary>Ends it.</summary>
    public async Task EndAsync()
    {
        if (Ended) return;
        Ended = true;
        await socket.SendAsync("0\r\n\r\n"u8.ToArray());
    }

    /// <summary>Resets the connection.</summary>
    public void Abort()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        _gone.Dispose();
    }

    private static string Head(int status, string? type, (string Name, string Value)[] headers)
    {
        var head = new StringBuilder($"HTTP/1.1 {Json.Digits(status)} Wicked\r\n");
        if (type is not null) head.Append("Content-Type: ").Append(type).Append("\r\n");
        foreach (var (name, value) in headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        return head.ToString();
    }

    private async Task<byte[]?> ReadExactlyAsync(int length)
    {
        if (length is < 0 or > MaxBody) return null;
        while (_end - _start < length)
        {
            if (await FillAsync() == 0) return null;
        }

        var body = _buffer.AsSpan(_start, length).ToArray();
        _start += length;
        return body;
    }

    private async Task<byte[]?> ReadChunksAsync()
    {
        var body = new MemoryStream();
        while (true)
        {
            int line;
            while ((line = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
            {
                if (await FillAsync() == 0) return null;
            }

            var size = int.Parse(Encoding.ASCII.GetString(_buffer, _start, line), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _start += line + 2;
            if (await ReadExactlyAsync(size + 2) is not { } chunk) return null;
            if (size == 0) return body.ToArray();
            body.Write(chunk, 0, size);
        }
    }

    private async Task<int> FillAsync()
    {
        var read = await (_fill ?? WatchAsync());
        _fill = null;
        return read;
    }

    private async Task<int> WatchAsync()
    {
        if (_start == _end) _start = _end = 0;
        if (_end == _buffer.Length)
        {
            var grown = new byte[Math.Max(_buffer.Length, 2 * (_end - _start))];
            Buffer.BlockCopy(_buffer, _start, grown, 0, _end - _start);
            (_buffer, _end, _start) = (grown, _end - _start, 0);
        }

        var read = 0;
        try
        {
            read = await socket.ReceiveAsync(_buffer.AsMemory(_end));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Reset: as good as closed.
        }

        _end += read;
        if (read == 0) await _gone.CancelAsync();
        return read;
    }
}
