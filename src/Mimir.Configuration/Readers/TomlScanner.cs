using System.Text;

namespace Mimir.Configuration.Readers;

/// <summary>Passes over what stands between the values of TOML 1.0, and takes keys.</summary>
internal ref struct TomlScanner
{
    private readonly ReadOnlySpan<byte> _utf8;
    private int _at;

    /// <summary>Begins at the first byte.</summary>
    /// <param name="utf8">Valid UTF-8 without a byte order mark.</param>
    public TomlScanner(ReadOnlySpan<byte> utf8) => _utf8 = utf8;

    /// <summary>The offset of the next byte.</summary>
    public readonly int At => _at;

    /// <summary>Whether there is no next byte.</summary>
    public readonly bool IsAtEnd => _at >= _utf8.Length;

    /// <summary>The next byte; 0 at the end.</summary>
    public readonly byte Next => IsAtEnd ? (byte)0 : _utf8[_at];

    /// <summary>Takes some bytes, if they are the next thing.</summary>
    public bool TryTake(ReadOnlySpan<byte> text)
    {
        var found = _utf8[_at..].StartsWith(text);
        _at += found ? text.Length : 0;
        return found;
    }

    /// <summary>Passes over spaces and tabs.</summary>
    public void SkipBlank()
    {
        while (Next is (byte)' ' or (byte)'\t')
        {
            _at++;
        }
    }

    /// <summary>Passes over spaces, line breaks and comments.</summary>
    public TomlFault? SkipLines()
    {
        do
        {
            SkipBlank();
            if (SkipComment() is { } fault)
            {
                return fault;
            }
        }
        while (TryTakeNewline());
        return Next == '\r' ? TomlFault.BareReturn(_at) : null;
    }

    /// <summary>After a value or header: passes over a comment and the end of the line.</summary>
    public TomlFault? TakeLineEnd()
    {
        SkipBlank();
        if (SkipComment() is { } fault)
        {
            return fault;
        }

        return IsAtEnd || TryTakeNewline() ? null
            : Next == '\r' ? TomlFault.BareReturn(_at)
            : TomlFault.Trailing(_at);
    }

    /// <summary>Takes one part of a key, bare or in quotes.</summary>
    /// <param name="name">The part, unescaped.</param>
    public TomlFault? TakeKeyPart(out string name)
    {
        name = "";
        if (Next is (byte)'"' or (byte)'\'')
        {
            return TomlStrings.IsLong(_utf8, _at) ? TomlFault.LongKey(_at) : TomlStrings.Take(_utf8, ref _at, out name);
        }

        var start = _at;
        while (char.IsAsciiLetterOrDigit((char)Next) || Next is (byte)'_' or (byte)'-')
        {
            _at++;
        }

        name = Encoding.ASCII.GetString(_utf8[start.._at]);
        return _at > start ? null : TomlFault.NoKey(_at, Next);
    }

    /// <summary>Takes a string; the next byte is its opening quote.</summary>
    /// <param name="text">The string, unescaped.</param>
    public TomlFault? TakeString(out string text) =>
        TomlStrings.IsLong(_utf8, _at) ? TomlStrings.TakeLong(_utf8, ref _at, out text) : TomlStrings.Take(_utf8, ref _at, out text);

    /// <summary>Takes what a number, a boolean or a date may consist of; a date and a time may be joined by a space.</summary>
    public ReadOnlySpan<byte> TakeWord()
    {
        var start = _at;
        SkipWord();
        if (_at - start == TomlDates.DateLength && TomlDates.Looks(_utf8[start.._at]) && Next == ' '
            && _at + 1 < _utf8.Length && char.IsAsciiDigit((char)_utf8[_at + 1]))
        {
            _at++;
            SkipWord();
        }

        return _utf8[start.._at];
    }

    private void SkipWord()
    {
        while (char.IsAsciiLetterOrDigit((char)Next) || Next is (byte)'_' or (byte)'-' or (byte)'+' or (byte)'.' or (byte)':')
        {
            _at++;
        }
    }

    private bool TryTakeNewline() => TryTake("\n"u8) || TryTake("\r\n"u8);

    private TomlFault? SkipComment()
    {
        if (Next != '#')
        {
            return null;
        }

        while (!IsAtEnd && Next is not ((byte)'\n' or (byte)'\r'))
        {
            if (TomlStrings.IsControl(Next))
            {
                return TomlFault.Control(_at);
            }

            _at++;
        }

        return null;
    }
}
