namespace Mimir.Epoll;

/// <summary>Cuts lines out of a stream of bytes; looks at each byte once.</summary>
public sealed class LineBuffer
{
    private readonly ByteBuffer _buffer = new(1 << 17);
    private int _searched;
    private int _taken;

    /// <summary>Room to read into, to be followed by <see cref="Advance"/>.</summary>
    /// <param name="minimum">At least so many bytes.</param>
    public Span<byte> Free(int minimum)
    {
        Drop();
        return _buffer.Free(minimum);
    }

    /// <summary>So many bytes came in.</summary>
    public void Advance(int count) => _buffer.Advance(count);

    /// <summary>Takes the next whole line.</summary>
    /// <param name="line">The line without its end; valid until the next call of anything here.</param>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        Drop();
        var end = _buffer.Span[_searched..].IndexOf((byte)'\n');
        if (end < 0)
        {
            _searched = _buffer.Length;
            line = default;
            return false;
        }

        line = _buffer.Span[..(_searched + end)];
        _taken = line.Length + 1;
        _searched = 0;
        return true;
    }

    private void Drop()
    {
        _buffer.Consume(_taken);
        _taken = 0;
    }
}
