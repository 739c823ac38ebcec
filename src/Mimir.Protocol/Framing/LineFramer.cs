using System.Buffers;

namespace Mimir.Protocol.Framing;

/// <summary>
/// Cuts a byte stream into lines for the stdio transport. Each line lies in one piece in the buffer, so that it can be scanned and
/// copied without joining.
/// </summary>
/// <remarks>
/// Use: fill <see cref="GetFree"/>, <see cref="Advance"/>, then <see cref="TryRead"/> until it says no. Lines are borrowed until the
/// next <see cref="GetFree"/>. LF ends a line; a CR before it is taken off. The buffer grows to the limit and shrinks again when no
/// long line has come for a while. Linear in the bytes however they arrive. Not thread-safe.
/// </remarks>
public sealed class LineFramer : IDisposable
{
    private const int SmallBuffer = 64 * 1024;

    /// <summary>How often the buffer is emptied without a long line before it shrinks: where one came, more may come.</summary>
    private const int Patience = 64;
    private readonly int _maxLine;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private int _start;
    private int _scanned;
    private int _end;
    private bool _skipping;
    private int _calm;

    /// <summary>Creates one.</summary>
    /// <param name="maxLine">Longest line in bytes, without its end.</param>
    public LineFramer(int maxLine)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLine, 1);
        _maxLine = maxLine;
    }

    /// <summary>Called when a line that is too long has ended and was left out; null stops at the first such line instead.</summary>
    public Action? SkipLong { get; init; }

    /// <summary>True once a line was longer than the limit, unless such lines are skipped. Nothing more is read.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Bytes received of a line that has not ended yet.</summary>
    public int Pending => _end - _start;

    /// <summary>Room for the next bytes; never empty.</summary>
    public Span<byte> GetFree()
    {
        if (_start == _end)
        {
            _start = _scanned = _end = 0;
            if (_buffer.Length > SmallBuffer * 4 && ++_calm > Patience)
            {
                Swap(SmallBuffer);
            }
        }
        else if (_end == _buffer.Length || (_start > 0 && _buffer.Length - _end < 4096))
        {
            if (_start > _buffer.Length / 2)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                Rebase();
            }
            else
            {
                Swap((int)Math.Min(Math.Max((long)_buffer.Length * 2, SmallBuffer), (long)_maxLine + SmallBuffer));
            }
        }

        return _buffer.AsSpan(_end);
    }

    /// <summary>Says how much of <see cref="GetFree"/> was filled.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _end));
        _end += count;
    }

    /// <summary>Takes the next whole line.</summary>
    /// <param name="line">The line without its end; may be empty.</param>
    /// <returns>False when more bytes are needed, or after <see cref="Overflowed"/>.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (Overflowed)
        {
            return false;
        }

        int length;
        while (true)
        {
            var at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (at < 0)
            {
                _scanned = _end;
                if (_skipping || _end - _start > _maxLine)
                {
                    Overflow();
                }

                return false;
            }

            length = _scanned + at - _start;
            if (!_skipping && length <= _maxLine)
            {
                break;
            }

            Overflow();
            if (Overflowed)
            {
                return false;
            }

            _skipping = false;
            _start = _scanned = _scanned + at + 1;
            SkipLong!();
        }

        if (length > SmallBuffer)
        {
            _calm = 0;
        }

        line = _buffer.AsSpan(_start, length);
        if (length > 0 && line[^1] == (byte)'\r')
        {
            line = line[..^1];
        }

        _start += length + 1;
        _scanned = _start;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = _scanned = _end = 0;
        }
    }

    /// <summary>Gives up, or drops what is there of the line and goes on.</summary>
    private void Overflow()
    {
        if (SkipLong is null)
        {
            Overflowed = true;
            return;
        }

        _skipping = true;
        _start = _scanned;
    }

    private void Rebase()
    {
        _scanned -= _start;
        _end -= _start;
        _start = 0;
    }

    private void Swap(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, _end - _start + 1));
        _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        Rebase();
    }
}
