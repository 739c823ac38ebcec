using System.Globalization;

namespace Mimir.Configuration.Binding;

/// <summary>Reads durations, sizes and counts.</summary>
internal static class Quantity
{
    /// <summary>Reads seconds (<c>30</c>, <c>0.5</c>) or a number with the unit ms, s, m or h.</summary>
    /// <returns>Milliseconds, rounded up so that no positive duration becomes nothing; null when it is none of these.</returns>
    public static long? Milliseconds(string text)
    {
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        decimal? factor = text[digits.Length..] switch
        {
            "ms" => 1,
            "s" or "" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => null,
        };
        return factor is { } times
            && digits.Length is > 0 and <= 15
            && char.IsAsciiDigit(digits[0])
            && char.IsAsciiDigit(digits[^1])
            && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? (long)decimal.Ceiling(number * times)
                : null;
    }

    /// <summary>As <see cref="Milliseconds"/>, and the unit must be there: a string of digits alone is milliseconds to some, seconds to others.</summary>
    public static long? MillisecondsWithUnit(string text) => text.Length > 0 && char.IsAsciiLetter(text[^1]) ? Milliseconds(text) : null;

    /// <summary>Reads bytes (<c>65536</c>) or a whole number with the unit KiB, MiB or GiB.</summary>
    /// <returns>Bytes; null when it is neither.</returns>
    public static long? Bytes(string text)
    {
        var (digits, shift) = text switch
        {
            [.. var head, 'K', 'i', 'B'] => (head, 10),
            [.. var head, 'M', 'i', 'B'] => (head, 20),
            [.. var head, 'G', 'i', 'B'] => (head, 30),
            _ => (text, 0),
        };
        return Whole(digits) is { } number && (shift == 0 || number <= int.MaxValue) ? number << shift : null;
    }

    /// <summary>Reads a number that is not negative, with or without decimals.</summary>
    /// <returns>The number; null when it is none, or has more than 15 characters.</returns>
    public static double? Number(string text) =>
        text.Length is > 0 and <= 15 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? (double)number : null;

    /// <summary>Reads a whole number that is not negative.</summary>
    /// <returns>The number; null when it is none, or has more than 15 digits.</returns>
    public static long? Whole(string text) =>
        text.Length is > 0 and <= 15 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
