using System.Globalization;
using System.Text;

namespace Mimir.Configuration.Tree;

/// <summary>Makes text from a file safe to print: a terminal obeys control characters, and a reader is misled by invisible ones.</summary>
internal static class Legible
{
    /// <summary>Most characters shown of one piece of text.</summary>
    public const int MaxLength = 64;

    /// <summary>The text with control and invisible characters, quotes and backslashes escaped, cut to <see cref="MaxLength"/>.</summary>
    public static string Text(string text)
    {
        var safe = text.Length <= MaxLength;
        foreach (var c in text)
        {
            safe &= c is > ' ' and < '\u007f' and not ('"' or '\\');
        }

        return safe ? text : Escape(text);
    }

    /// <summary>Whether the character shows nothing of its own: control, format, line or paragraph separator, half of a pair.</summary>
    public static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Escape(string text)
    {
        var result = new StringBuilder();
        var shown = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown++ == MaxLength)
            {
                return result.Append("...").ToString();
            }

            if (IsInvisible(rune))
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                continue;
            }

            if (rune.Value is '"' or '\\')
            {
                result.Append('\\');
            }

            result.Append(rune.ToString());
        }

        return result.ToString();
    }
}
