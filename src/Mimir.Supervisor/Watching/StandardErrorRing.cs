using System.Text;

namespace Mimir.Supervisor.Watching;

/// <summary>
/// The end of a child's stderr: at most 256 lines and 64 KiB, a line cut at 4 KiB. A flood costs a copy and no allocation;
/// text is made only when somebody looks. Thread-safe.
/// </summary>
internal sealed class StandardErrorRing
{
    internal const int MaxLines = 256, MaxBytes = 64 * 1024, MaxLineBytes = 4 * 1024;

    private static ReadOnlySpan<byte> Ellipsis => "…\n"u8;

    private readonly Lock _gate = new();
    private byte[] _ring = [];
    private long _written;
    private int _lineBytes;

    /// <summary>Adds what came.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            while (!bytes.IsEmpty)
            {
                var end = bytes.IndexOf((byte)'\n');
                var line = end < 0 ? bytes : bytes[..(end + 1)];
                var cut = _lineBytes > MaxLineBytes;
                var room = Math.Max(MaxLineBytes - _lineBytes, 0);
                if (cut)
                {
                    // already ended below; the rest of it is dropped
                }
                else if (line.Length > room + 1 || (end < 0 && line.Length > room))
                {
                    Put(line[..room]);
                    Put(Ellipsis);
                }
                else
                {
                    Put(line);
                }

                _lineBytes = end < 0 ? Math.Min(_lineBytes + line.Length, MaxLineBytes + 1) : 0;
                bytes = bytes[line.Length..];
            }
        }
    }

    /// <summary>The lines kept, oldest first; bytes that are no UTF-8 shown as U+FFFD.</summary>
    internal IReadOnlyList<string> Tail()
    {
        byte[] bytes;
        bool wrapped;
        lock (_gate)
        {
            wrapped = _written > _ring.Length;
            bytes = new byte[Math.Min(_written, _ring.Length)];
            var start = wrapped ? (int)(_written % _ring.Length) : 0;
            var first = Math.Min(bytes.Length, _ring.Length - start);
            _ring.AsSpan(start, first).CopyTo(bytes);
            _ring.AsSpan(0, bytes.Length - first).CopyTo(bytes.AsSpan(first));
        }

        var lines = new List<string>();
        var rest = bytes.AsSpan();
        if (wrapped)
            rest = rest[(rest.IndexOf((byte)'\n') + 1)..]; // its beginning is overwritten
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            lines.Add(Encoding.UTF8.GetString(line.TrimEnd((byte)'\r')));
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        if (lines.Count > MaxLines)
            lines.RemoveRange(0, lines.Count - MaxLines);
        return lines;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (_ring.Length < MaxBytes && _written + bytes.Length > _ring.Length)
        {
            // Nothing has been overwritten before the full size is reached, so growing keeps positions.
            var size = Math.Max(_ring.Length, 1024);
            while (size < MaxBytes && size < _written + bytes.Length)
                size *= 2;
            Array.Resize(ref _ring, Math.Min(size, MaxBytes));
        }

        while (!bytes.IsEmpty)
        {
            var at = (int)(_written % _ring.Length);
            var count = Math.Min(bytes.Length, _ring.Length - at);
            bytes[..count].CopyTo(_ring.AsSpan(at));
            _written += count;
            bytes = bytes[count..];
        }
    }
}
