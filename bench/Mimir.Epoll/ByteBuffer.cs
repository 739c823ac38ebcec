using System.Buffers;
using System.Buffers.Text;

namespace Mimir.Epoll;

/// <summary>Bytes that are added behind and taken off in front; grows as needed and keeps its room.</summary>
public sealed class ByteBuffer(int capacity = 4096)
{
    private byte[] _bytes = new byte[capacity];
    private int _start;
    private int _end;

    /// <summary>How many bytes there are.</summary>
    public int Length => _end - _start;

    /// <summary>The bytes.</summary>
    public Span<byte> Span => _bytes.AsSpan(_start, Length);

    /// <summary>Room behind the bytes, to be followed by <see cref="Advance"/>.</summary>
    /// <param name="minimum">At least so many bytes.</param>
    public Span<byte> Free(int minimum)
    {
        if (_bytes.Length - _end < minimum)
        {
            MakeRoom(minimum);
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>So many bytes of the room are filled now.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Takes bytes off in front.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    /// <summary>Takes bytes off behind.</summary>
    /// <param name="length">How many stay.</param>
    public void Truncate(int length) => _end = _start + length;

    /// <summary>Forgets everything.</summary>
    public void Clear() => _start = _end = 0;

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free(bytes.Length));
        _end += bytes.Length;
    }

    /// <summary>Adds a number in decimal.</summary>
    public void Add(long number)
    {
        _ = Utf8Formatter.TryFormat(number, Free(20), out var n);
        _end += n;
    }

    /// <summary>Adds one byte so many times.</summary>
    public void Fill(byte value, int count)
    {
        Free(count)[..count].Fill(value);
        _end += count;
    }

    private void MakeRoom(int minimum)
    {
        var length = Length;
        var target = _bytes;
        if (_bytes.Length < length + minimum || _start < _bytes.Length / 2)
        {
            target = new byte[Math.Max(_bytes.Length * 2, length + minimum)];
        }

        Buffer.BlockCopy(_bytes, _start, target, 0, length);
        _bytes = target;
        _start = 0;
        _end = length;
    }
}
