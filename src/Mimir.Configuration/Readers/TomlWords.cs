using System.Text;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Readers;

/// <summary>Tells what a value without quotes and brackets is: a boolean, a number, a date or time.</summary>
internal static class TomlWords
{
    /// <summary>Reads a word.</summary>
    /// <param name="word">ASCII, without blanks around it.</param>
    /// <param name="at">Its offset.</param>
    /// <param name="kind">What it is. Dates, times, infinities and what is no number (<c>nan</c>) are strings: no key takes them for anything else.</param>
    /// <param name="text">As the neutral tree has it: see <see cref="TomlNumbers.Read"/>; all else as written.</param>
    public static TomlFault? Read(ReadOnlySpan<byte> word, int at, out ConfigKind kind, out string text)
    {
        text = Encoding.ASCII.GetString(word);
        kind = ConfigKind.String;
        if (text is "true" or "false")
        {
            kind = ConfigKind.Boolean;
            return null;
        }

        if (text.TrimStart('+', '-') is "inf" or "nan" && text.Length <= 4)
        {
            return null;
        }

        if (TomlDates.Looks(word))
        {
            return TomlDates.IsValid(text) ? null : TomlFault.Date(at);
        }

        if (char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.')
        {
            kind = ConfigKind.Number;
            return TomlNumbers.Read(word, at, out text);
        }

        return text.ToUpperInvariant() is "TRUE" or "FALSE" ? TomlFault.Flag(at) : TomlFault.Word(at);
    }
}
