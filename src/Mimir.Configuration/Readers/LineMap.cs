using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Readers;

/// <summary>Turns offsets into lines and columns. Asked in rising order it walks the bytes once.</summary>
internal ref struct LineMap
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string _file;
    private int _offset;
    private int _line = 1;
    private int _column = 1;

    /// <summary>Begins at line 1, column 1.</summary>
    /// <param name="utf8">The bytes, without a byte order mark.</param>
    /// <param name="file">Full path of their file.</param>
    public LineMap(ReadOnlySpan<byte> utf8, string file)
    {
        _utf8 = utf8;
        _file = file;
    }

    /// <summary>The place of a byte.</summary>
    /// <param name="offset">From 0; one past the end is the place of what is missing there.</param>
    public ConfigMark At(int offset)
    {
        if (offset < _offset)
        {
            (_offset, _line, _column) = (0, 1, 1);
        }

        for (var end = Math.Min(offset, _utf8.Length); _offset < end; _offset++)
        {
            var b = _utf8[_offset];
            if (b == '\n' || (b == '\r' && !(_offset + 1 < _utf8.Length && _utf8[_offset + 1] == '\n')))
            {
                _line++;
                _column = 1;
            }
            else if ((b & 0xC0) != 0x80)
            {
                _column++;
            }
        }

        return new ConfigMark(_file, _line, _column);
    }
}
