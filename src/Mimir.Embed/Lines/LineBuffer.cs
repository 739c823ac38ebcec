namespace Mimir.Embed.Lines;

/// <summary>Cuts what comes into lines, of which none takes more memory than it may. For one reader.</summary>
internal sealed class LineBuffer
{
    private const int Small = 4 << 10, MostKept = 64 << 10;
    private readonly int _most;
    private byte[] _bytes;
    private int _begin, _seen, _end;
    private bool _isCut;

    /// <param name="most">Most bytes of a line, without its end.</param>
    public LineBuffer(int most)
    {
        _most = most;
        Ends = Math.Min(512, most / 4);
        _bytes = New();
    }

    /// <summary>Bytes that are kept of the beginning of a line that is too long, and at least of its end when that has come.</summary>
    public int Ends { get; }

    /// <summary>Room for what comes next, one byte or more. Lines that were taken are good until this is asked for.</summary>
    public Memory<byte> Room()
    {
        if (_begin == _end)
        {
            _begin = _seen = _end = 0;
            if (_bytes.Length > MostKept) _bytes = New();
        }
        else if (_end == _bytes.Length && _begin > 0)
        {
            _bytes.AsSpan(_begin, _end - _begin).CopyTo(_bytes);
            (_seen, _end, _begin) = (_seen - _begin, _end - _begin, 0);
        }
        else if (_end == _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(_bytes.Length * 2L, _most + 1L));
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Tells how much has come into the room.</summary>
    public void Add(int count) => _end += count;

    /// <summary>Takes the next line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="isCut">Whether it was longer than it may be: then only how it begins and how it ends is there.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryTake(out ReadOnlyMemory<byte> line, out bool isCut)
    {
        (line, isCut) = (default, _isCut);
        var length = _bytes.AsSpan(_seen, _end - _seen).IndexOf((byte)'\n');
        if (length >= 0)
        {
            var last = _seen + length;
            line = _bytes.AsMemory(_begin, last - _begin);
            _begin = _seen = last + 1;
            _isCut = false;
            return true;
        }

        // A line that fills the buffer begins at its beginning.
        _isCut |= _end - _begin > _most;
        if (_isCut && _end > 2 * Ends)
        {
            _bytes.AsSpan(_end - Ends, Ends).CopyTo(_bytes.AsSpan(Ends));
            _end = 2 * Ends;
        }

        _seen = _end;
        return false;
    }

    /// <summary>Takes what is left when nothing comes any more: a line without an end.</summary>
    public ReadOnlyMemory<byte> Rest(out bool isCut)
    {
        isCut = _isCut;
        return _bytes.AsMemory(_begin, _end - _begin);
    }

    private byte[] New() => new byte[Math.Min(Small, _most + 1)];
}
