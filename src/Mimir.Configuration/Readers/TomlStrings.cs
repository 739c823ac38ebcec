using System.Globalization;
using System.Text;

namespace Mimir.Configuration.Readers;

/// <summary>Reads the four kinds of strings of TOML 1.0: on one line or several, in double quotes with escapes or in single quotes without.</summary>
internal static class TomlStrings
{
    /// <summary>Whether three quotes open a string of several lines here; the byte at the offset is a quote.</summary>
    public static bool IsLong(ReadOnlySpan<byte> utf8, int at) => at + 2 < utf8.Length && utf8[at + 1] == utf8[at] && utf8[at + 2] == utf8[at];

    /// <summary>Whether the byte is a control character that no string and no comment may hold. A tab may stand there; a line's end is the caller's.</summary>
    public static bool IsControl(byte b) => b is < 0x20 and not (byte)'\t' or 0x7F;

    /// <summary>Takes a string on one line.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="at">The opening quote; behind the closing one afterwards.</param>
    /// <param name="text">The string, unescaped.</param>
    public static TomlFault? Take(ReadOnlySpan<byte> utf8, ref int at, out string text)
    {
        var start = at;
        var quote = utf8[at++];
        var result = new StringBuilder();
        var plain = at;
        text = "";
        while (at < utf8.Length && utf8[at] is not ((byte)'\n' or (byte)'\r'))
        {
            if (utf8[at] == quote)
            {
                Append(result, utf8[plain..at++]);
                text = result.ToString();
                return null;
            }

            if (IsControl(utf8[at]))
            {
                return TomlFault.ControlInString(at);
            }

            if (utf8[at] != '\\' || quote == '\'')
            {
                at++;
                continue;
            }

            Append(result, utf8[plain..at]);
            if (TakeEscape(utf8, ref at, result) is { } fault)
            {
                return fault;
            }

            plain = at;
        }

        return TomlFault.OpenString(start, (char)quote);
    }

    /// <summary>Takes a string between triple quotes. A line break right behind the opening ones is not part of it.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="at">The first quote; behind the last one afterwards.</param>
    /// <param name="text">The string, unescaped, its line breaks as written.</param>
    public static TomlFault? TakeLong(ReadOnlySpan<byte> utf8, ref int at, out string text)
    {
        var start = at;
        var quote = utf8[at];
        at += 3;
        at += NewlineLength(utf8, at);
        var result = new StringBuilder();
        var plain = at;
        text = "";
        while (at < utf8.Length)
        {
            var b = utf8[at];
            if (b == quote)
            {
                // As many as two quotes may stand before the three that close.
                var run = QuoteRun(utf8[at..], quote);
                if (run < 3)
                {
                    at += run;
                    continue;
                }

                Append(result, utf8[plain..(at + run - 3)]);
                at += run;
                text = result.ToString();
                return run <= 5 ? null : TomlFault.Quotes(at - run);
            }

            if (b == '\\' && quote == '"')
            {
                Append(result, utf8[plain..at]);
                if ((EndsLine(utf8, at + 1) ? SkipLines(utf8, ref at) : TakeEscape(utf8, ref at, result)) is { } fault)
                {
                    return fault;
                }

                plain = at;
                continue;
            }

            var newline = NewlineLength(utf8, at);
            if (newline == 0 && IsControl(b))
            {
                return b == '\r' ? TomlFault.BareReturn(at) : TomlFault.ControlInString(at);
            }

            at += Math.Max(newline, 1);
        }

        return TomlFault.OpenLongString(start, (char)quote);
    }

    private static void Append(StringBuilder result, ReadOnlySpan<byte> utf8) => result.Append(Encoding.UTF8.GetString(utf8));

    private static int NewlineLength(ReadOnlySpan<byte> utf8, int at) =>
        utf8[at..].StartsWith("\n"u8) ? 1 : utf8[at..].StartsWith("\r\n"u8) ? 2 : 0;

    private static int QuoteRun(ReadOnlySpan<byte> utf8, byte quote) => utf8.IndexOfAnyExcept(quote) is var end and >= 0 ? end : utf8.Length;

    /// <summary>Whether nothing but blanks stands between the offset and the end of its line.</summary>
    private static bool EndsLine(ReadOnlySpan<byte> utf8, int at) => utf8[at..].TrimStart(" \t"u8) is [(byte)'\n' or (byte)'\r', ..];

    /// <summary>A backslash at the end of a line takes away all white space up to the next character.</summary>
    private static TomlFault? SkipLines(ReadOnlySpan<byte> utf8, ref int at)
    {
        at++;
        while (at < utf8.Length && utf8[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            if (utf8[at] == '\r' && NewlineLength(utf8, at) == 0)
            {
                return TomlFault.BareReturn(at);
            }

            at++;
        }

        return null;
    }

    private static TomlFault? TakeEscape(ReadOnlySpan<byte> utf8, ref int at, StringBuilder result)
    {
        var start = at;
        var letter = at + 1 < utf8.Length ? (char)utf8[at + 1] : '\0';
        at += 2;
        if (letter is 'u' or 'U')
        {
            return TakeCodePoint(utf8, start, letter == 'u' ? 4 : 8, ref at, result);
        }

        char? c = letter switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' or '\\' => letter,
            _ => null,
        };
        result.Append(c);
        return c is null ? TomlFault.Escape(start) : null;
    }

    private static TomlFault? TakeCodePoint(ReadOnlySpan<byte> utf8, int start, int digits, ref int at, StringBuilder result)
    {
        if (at + digits > utf8.Length
            || !uint.TryParse(utf8.Slice(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point))
        {
            return TomlFault.Escape(start);
        }

        if (!Rune.IsValid(point))
        {
            return TomlFault.NoCharacter(start);
        }

        at += digits;
        result.Append(new Rune(point).ToString());
        return null;
    }
}
