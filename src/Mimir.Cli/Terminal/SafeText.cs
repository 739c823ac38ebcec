using System.Globalization;
using System.Text;

namespace Mimir.Cli.Terminal;

/// <summary>
/// Makes text from outside fit for a terminal: what would move the cursor, change colours, reorder the line or not be seen at all
/// is shown as an escape. Names, descriptions, errors and results of servers are all such text.
/// </summary>
internal static class SafeText
{
    /// <summary>Escapes everything hostile, line breaks and tabs too: the result is one line.</summary>
    public static string Line(string? text) => Escape(text, keepBreaks: false);

    /// <summary>Escapes everything hostile but line feeds and tabs: the result may be several lines.</summary>
    public static string Block(string? text) => Escape(text?.Replace("\r\n", "\n", StringComparison.Ordinal), keepBreaks: true);

    /// <summary>One line of prose: runs of white space, line breaks among them, become one space, then as <see cref="Line"/>.</summary>
    public static string Prose(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var blank = c is ' ' or '\t' or '\n' or '\r';
            if (!blank)
            {
                folded.Append(c);
            }
            else if (folded.Length > 0 && folded[^1] != ' ')
            {
                folded.Append(' ');
            }
        }

        return Line(folded.ToString().TrimEnd(' '));
    }

    /// <summary>
    /// Rewrites JSON text so that its strings hold nothing hostile as it stands, only as <c>\u</c> escapes. The value is unchanged.
    /// </summary>
    /// <param name="json">Valid JSON. Outside its strings it may hold line feeds and spaces but no other white space.</param>
    public static string Json(string json)
    {
        StringBuilder? safe = null;
        var at = 0;
        while (at < json.Length)
        {
            var status = Rune.DecodeFromUtf16(json.AsSpan(at), out var rune, out var length);
            if (status != System.Buffers.OperationStatus.Done || (rune.Value != '\n' && IsHostile(rune)))
            {
                safe ??= new StringBuilder(json, 0, at, json.Length + 64);
                foreach (var unit in json.AsSpan(at, length))
                {
                    safe.Append("\\u").Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
                }
            }
            else
            {
                safe?.Append(json, at, length);
            }

            at += length;
        }

        return safe?.ToString() ?? json;
    }

    private static string Escape(string? text, bool keepBreaks)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        StringBuilder? safe = null;
        var at = 0;
        while (at < text.Length)
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            var broken = status != System.Buffers.OperationStatus.Done;
            if (broken || (IsHostile(rune) && !(keepBreaks && rune.Value is '\n' or '\t')))
            {
                safe ??= new StringBuilder(text, 0, at, text.Length + 32);
                safe.Append(Picture(broken ? text[at] : rune.Value));
            }
            else
            {
                safe?.Append(text, at, length);
            }

            at += length;
        }

        return safe?.ToString() ?? text;
    }

    private static string Picture(int codePoint) => codePoint switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        <= 0xFF => "\\x" + codePoint.ToString("x2", CultureInfo.InvariantCulture),
        <= 0xFFFF => "\\u" + codePoint.ToString("x4", CultureInfo.InvariantCulture),
        _ => "\\U" + codePoint.ToString("x8", CultureInfo.InvariantCulture),
    };

    private static bool IsHostile(Rune rune)
    {
        if (rune.Value is >= 0x20 and < 0x7F)
        {
            return false;
        }

        if (rune.Value
            is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 // letters and marks that show as nothing
            or (>= 0x180B and <= 0x180F) // Mongolian selectors
            or (>= 0xFE00 and <= 0xFE0E) // variation selectors carry hidden bytes; FE0F alone has a common use: it makes an emoji
            or (>= 0xE0000 and <= 0xE0FFF)) // tags and the second block of selectors
        {
            return true;
        }

        // Control, Format (bidi, zero width, soft hyphen), line and paragraph separators, private use.
        return Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse;
    }
}
