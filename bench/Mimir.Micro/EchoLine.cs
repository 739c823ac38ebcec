using System.Buffers.Text;
using System.Text;
using Mimir.Router.Upstreams;

namespace Mimir.Micro;

/// <summary>
/// A legacy server in memory that answers each line as soon as it is written: no process, no pipe and, after the greeting, no
/// allocation, so that what is measured is the router alone.
/// </summary>
internal sealed class EchoLine(int tools) : IByteLine
{
    private static ReadOnlySpan<byte> Result => "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}\n"u8;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _filled = new(0);
    private byte[] _waiting = new byte[1 << 20];
    private int _count;
    private volatile bool _closed;

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        while (!_closed)
        {
            lock (_gate)
            {
                if (_count > 0)
                {
                    var taken = Math.Min(_count, buffer.Length);
                    _waiting.AsSpan(0, taken).CopyTo(buffer);
                    _waiting.AsSpan(taken, _count - taken).CopyTo(_waiting);
                    _count -= taken;
                    return taken;
                }
            }

            _filled.Wait();
        }

        return 0;
    }

    /// <inheritdoc/>
    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.LastIndexOf((byte)'\n') + 1;
        lock (_gate)
        {
            foreach (var range in bytes[..end].Split((byte)'\n'))
            {
                Answer(bytes[range]);
            }
        }

        _filled.Release();
        return end;
    }

    /// <inheritdoc/>
    public void WaitWritable(TimeSpan timeout) => throw new InvalidOperationException("A message must not be larger than the writer's buffer.");

    /// <inheritdoc/>
    public void CloseWrite() => Interrupt();

    /// <inheritdoc/>
    public void Interrupt()
    {
        _closed = true;
        _filled.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => Interrupt();

    private void Answer(ReadOnlySpan<byte> line)
    {
        var at = line.LastIndexOf("\"id\":"u8);
        if (at < 0)
        {
            return;
        }

        if (!Utf8Parser.TryParse(line[(at + 5)..], out long id, out _))
        {
            throw new FormatException("The router's ids are numbers.");
        }

        Append("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(id, digits, out var length);
        Append(digits[..length]);
        Append(","u8);
        if (line.IndexOf("\"tools/call\""u8) >= 0)
        {
            Append(Result);
        }
        else if (line.IndexOf("\"initialize\""u8) >= 0)
        {
            Append("\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"echo\",\"version\":\"1\"}}}\n"u8);
        }
        else if (line.IndexOf("\"tools/list\""u8) >= 0)
        {
            var all = Enumerable.Range(0, tools).Select(i => $"{{\"name\":\"tool_{i}\",\"description\":\"Does what it does.\",\"inputSchema\":{{\"type\":\"object\"}}}}");
            Append(Encoding.UTF8.GetBytes($"\"result\":{{\"tools\":[{string.Join(',', all)}]}}}}\n"));
        }
        else
        {
            Append("\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}\n"u8);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_count + bytes.Length > _waiting.Length)
        {
            Array.Resize(ref _waiting, 2 * (_count + bytes.Length));
        }

        bytes.CopyTo(_waiting.AsSpan(_count));
        _count += bytes.Length;
    }
}
