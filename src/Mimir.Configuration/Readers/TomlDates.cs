using System.Globalization;

namespace Mimir.Configuration.Readers;

/// <summary>Knows the dates and times of TOML 1.0: those of RFC 3339, with or without date, time and offset.</summary>
internal static class TomlDates
{
    /// <summary>Characters of a date.</summary>
    public const int DateLength = 10;

    private const int TimeLength = 8;

    /// <summary>Whether a word begins as only dates and times do.</summary>
    public static bool Looks(ReadOnlySpan<byte> word) =>
        (word.Length > 4 && word[4] == '-' && !word[..4].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        || (word.Length > 2 && word[2] == ':' && !word[..2].ContainsAnyExceptInRange((byte)'0', (byte)'9'));

    /// <summary>Whether it is one that exists.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text[2] == ':')
        {
            return TryTakeTime(ref text) && text.IsEmpty;
        }

        if (text.Length < DateLength || !IsDate(text[..DateLength]))
        {
            return false;
        }

        text = text[DateLength..];
        if (text.IsEmpty)
        {
            return true;
        }

        var isJoined = text[0] is 'T' or 't' or ' ';
        text = text[1..];
        return isJoined && TryTakeTime(ref text) && (text.IsEmpty || IsOffset(text));
    }

    private static bool IsDate(ReadOnlySpan<char> text) =>
        text[7] == '-'
        && Number(text[..4]) is var year and >= 0
        && Number(text[5..7]) is var month and >= 1 and <= 12
        && Number(text[8..]) is var day and >= 1
        && day <= DateTime.DaysInMonth(year == 0 ? 400 : year, month);

    /// <summary>Takes hours, minutes, seconds (60 in a minute with a leap second) and their fraction.</summary>
    private static bool TryTakeTime(ref ReadOnlySpan<char> text)
    {
        if (text.Length < TimeLength || text[5] != ':' || !IsClock(text[..5]) || Number(text[6..TimeLength]) is not (>= 0 and <= 60))
        {
            return false;
        }

        text = text[TimeLength..];
        if (text is not ['.', ..])
        {
            return true;
        }

        var digits = text[1..].IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length - 1 : digits;
        text = text[(1 + digits)..];
        return digits > 0;
    }

    private static bool IsOffset(ReadOnlySpan<char> text) => text is ['Z' or 'z'] || (text is ['+' or '-', ..] && IsClock(text[1..]));

    private static bool IsClock(ReadOnlySpan<char> text) =>
        text.Length == 5 && text[2] == ':' && Number(text[..2]) is >= 0 and <= 23 && Number(text[3..]) is >= 0 and <= 59;

    private static int Number(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
