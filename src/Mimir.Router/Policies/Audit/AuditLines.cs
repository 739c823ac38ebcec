namespace Mimir.Router.Policies.Audit;

/// <summary>Reads the lines of one file of a log, of each <see cref="AuditChain.MostLineBytes"/> at most: what is longer is no line, and comes in parts.</summary>
/// <param name="stream">The file, open for reading.</param>
/// <param name="until">Where to stop: what is written meanwhile is not read.</param>
internal sealed class AuditLines(Stream stream, long until)
{
    private readonly byte[] _buffer = new byte[2 * AuditChain.MostLineBytes];
    private int _from;
    private int _to;
    private long _read;

    /// <summary>Whether the line read last was ended by a line feed.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Reads the next line, without its line feed.</summary>
    /// <param name="line">Good until the next call.</param>
    /// <returns>False at the end.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var feed = _buffer.AsSpan(_from, _to - _from).IndexOf((byte)'\n');
        if (feed < 0)
        {
            Fill();
            feed = _buffer.AsSpan(_from, _to - _from).IndexOf((byte)'\n');
        }

        if (feed < 0 && _to == _from)
        {
            line = default;
            return false;
        }

        IsEnded = feed >= 0;
        var length = IsEnded ? feed : _to - _from;
        line = _buffer.AsSpan(_from, length);
        _from += IsEnded ? length + 1 : length;
        return true;
    }

    private void Fill()
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        while (_to < _buffer.Length && _read < until)
        {
            var more = stream.Read(_buffer, _to, (int)Math.Min(_buffer.Length - _to, until - _read));
            if (more == 0)
            {
                return;
            }

            _to += more;
            _read += more;
        }
    }
}
