using System.Globalization;
using System.Text;

namespace Mimir.Configuration.Readers;

/// <summary>
/// Cuts JSON (RFC 8259) with comments into tokens. Plain loops on purpose: a configuration is a few kilobytes, and the
/// vectorised searches of the framework's reader cost more to compile at start than they save.
/// </summary>
internal ref struct JsonScanner
{
    private readonly ReadOnlySpan<byte> _utf8;

    /// <summary>Begins at the first byte.</summary>
    /// <param name="utf8">Valid UTF-8 without a byte order mark.</param>
    public JsonScanner(ReadOnlySpan<byte> utf8) => _utf8 = utf8;

    /// <summary>The offset of the next byte.</summary>
    public int At { get; set; }

    /// <summary>Whether there is no next byte.</summary>
    public readonly bool IsAtEnd => At >= _utf8.Length;

    /// <summary>The next byte; 0 at the end.</summary>
    public readonly byte Next => IsAtEnd ? (byte)0 : _utf8[At];

    /// <summary>Passes over white space and comments.</summary>
    public JsonFault? SkipSpace()
    {
        while (!IsAtEnd)
        {
            if (_utf8[At] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                At++;
            }
            else if (_utf8[At..].StartsWith("//"u8))
            {
                while (!IsAtEnd && _utf8[At] is not ((byte)'\n' or (byte)'\r'))
                {
                    At++;
                }
            }
            else if (_utf8[At..].StartsWith("/*"u8))
            {
                var start = At;
                for (At += 2; !_utf8[At..].StartsWith("*/"u8); At++)
                {
                    if (IsAtEnd)
                    {
                        return JsonFault.Comment(start);
                    }
                }

                At += 2;
            }
            else
            {
                break;
            }
        }

        return null;
    }

    /// <summary>Takes a word, if it is the next thing and stands alone.</summary>
    /// <param name="word">Letters.</param>
    public bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        var end = At + word.Length;
        if (!_utf8[At..].StartsWith(word) || (end < _utf8.Length && IsWordByte(_utf8[end])))
        {
            return false;
        }

        At = end;
        return true;
    }

    /// <summary>Takes a number; the next byte is a digit or a minus.</summary>
    /// <param name="text">The number as written.</param>
    public JsonFault? TakeNumber(out string text)
    {
        var start = At;
        text = "";
        At += Next == '-' ? 1 : 0;
        var whole = At;
        if (!TakeDigits() || (_utf8[whole] == '0' && At > whole + 1))
        {
            return JsonFault.Number(start);
        }

        if (Next == '.')
        {
            At++;
            if (!TakeDigits())
            {
                return JsonFault.Number(start);
            }
        }

        if (Next is (byte)'e' or (byte)'E')
        {
            At++;
            At += Next is (byte)'+' or (byte)'-' ? 1 : 0;
            if (!TakeDigits())
            {
                return JsonFault.Number(start);
            }
        }

        if (IsWordByte(Next) || Next is (byte)'.' or (byte)'+' or (byte)'-')
        {
            return JsonFault.Number(start);
        }

        text = Encoding.ASCII.GetString(_utf8[start..At]);
        return null;
    }

    /// <summary>Takes a string; the next byte is its opening quote.</summary>
    /// <param name="text">The string unescaped; null when an escape stands for half of a character.</param>
    public JsonFault? TakeString(out string? text)
    {
        text = "";
        var start = ++At;
        for (; !IsAtEnd; At++)
        {
            var b = _utf8[At];
            if (b == '"')
            {
                text = Encoding.UTF8.GetString(_utf8[start..At++]);
                return null;
            }

            if (b == '\\')
            {
                return TakeEscaped(start, out text);
            }

            if (b < ' ')
            {
                return JsonFault.ControlInString(At);
            }
        }

        return JsonFault.EndInString(At);
    }

    private static bool IsWordByte(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'$' or >= 0x80;

    private bool TakeDigits()
    {
        var start = At;
        while (char.IsAsciiDigit((char)Next))
        {
            At++;
        }

        return At > start;
    }

    /// <summary>The slow way, from the first backslash of a string on.</summary>
    private JsonFault? TakeEscaped(int start, out string? text)
    {
        var result = new StringBuilder();
        var plain = start;
        text = "";
        while (!IsAtEnd)
        {
            var b = _utf8[At];
            if (b == '"')
            {
                result.Append(Encoding.UTF8.GetString(_utf8[plain..At++]));
                text = IsWhole(result) ? result.ToString() : null;
                return null;
            }

            if (b < ' ')
            {
                return JsonFault.ControlInString(At);
            }

            if (b != '\\')
            {
                At++;
                continue;
            }

            result.Append(Encoding.UTF8.GetString(_utf8[plain..At]));
            if (TakeEscape() is not { } c)
            {
                return At + 1 >= _utf8.Length ? JsonFault.EndInString(_utf8.Length) : JsonFault.Escape(At);
            }

            result.Append(c);
            plain = At;
        }

        return JsonFault.EndInString(At);
    }

    private char? TakeEscape()
    {
        if (At + 1 >= _utf8.Length)
        {
            return null;
        }

        if (_utf8[At + 1] == 'u')
        {
            if (At + 6 > _utf8.Length
                || !ushort.TryParse(_utf8.Slice(At + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                return null;
            }

            At += 6;
            return (char)unit;
        }

        char? c = (char)_utf8[At + 1] switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => null,
        };
        At += c is null ? 0 : 2;
        return c;
    }

    private static bool IsWhole(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
