using System.Globalization;
using System.Text;

namespace Mimir.Protocol.Headers;

/// <summary>
/// Compares decimal numbers as numbers, exactly, without turning them into a machine type: no size is too large and no digit is lost.
/// </summary>
internal static class JsonNumber
{
    private const long MaxSafeInteger = (1L << 53) - 1;
    private const int MaxSafeDigits = 16;
    private const int MaxHeaderLength = 64;
    private const long ExponentBound = 1_000_000_000_000_000;

    /// <summary>Whether both are numbers of the JSON grammar and have the same value.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (!TryParse(left, out var a) || !TryParse(right, out var b))
        {
            return false;
        }

        if (a.Count == 0 || b.Count == 0)
        {
            return a.Count == b.Count;
        }

        if (a.IsNegative != b.IsNegative || a.Count != b.Count || a.Exponent != b.Exponent)
        {
            return false;
        }

        var x = a.Digits.GetEnumerator();
        var y = b.Digits.GetEnumerator();
        for (var i = 0; i < a.Count; i++)
        {
            if (NextDigit(ref x) != NextDigit(ref y))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A JSON number as a header has it: plain decimal digits where it is an integer of ordinary size, else as it stands.</summary>
    /// <returns>Null when it is not a JSON number, or one too long for a header.</returns>
    public static string? ToHeader(ReadOnlySpan<byte> json)
    {
        if (!TryParse(json, out var number))
        {
            return null;
        }

        if (number.Count == 0)
        {
            return "0";
        }

        var integerDigits = number.Exponent + 1;
        if (integerDigits < number.Count || integerDigits > MaxSafeDigits)
        {
            return json.Length <= MaxHeaderLength ? Encoding.ASCII.GetString(json) : null;
        }

        var text = new StringBuilder(MaxSafeDigits + 1);
        if (number.IsNegative)
        {
            text.Append('-');
        }

        var digits = number.Digits.GetEnumerator();
        for (var i = 0; i < integerDigits; i++)
        {
            text.Append(i < number.Count ? (char)NextDigit(ref digits) : '0');
        }

        return text.ToString();
    }

    /// <summary>Whether it is an integer beyond what a double holds exactly; writers of headers are told to keep away from those.</summary>
    public static bool IsUnsafeInteger(ReadOnlySpan<byte> json)
    {
        if (!TryParse(json, out var number) || number.Exponent + 1 < number.Count)
        {
            return false;
        }

        return number.Exponent >= MaxSafeDigits
            || (long.TryParse(ToHeader(json), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) > MaxSafeInteger);
    }

    private static byte NextDigit(ref ReadOnlySpan<byte>.Enumerator digits)
    {
        do
        {
            digits.MoveNext();
        }
        while (digits.Current == (byte)'.');
        return digits.Current;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out Parts number)
    {
        number = default;
        var isNegative = text.StartsWith("-"u8);
        var rest = isNegative ? text[1..] : text;
        var integer = CountDigits(rest);
        if (integer == 0 || (integer > 1 && rest[0] == (byte)'0'))
        {
            return false;
        }

        var mantissa = integer;
        if (mantissa < rest.Length && rest[mantissa] == (byte)'.')
        {
            var fraction = CountDigits(rest[(mantissa + 1)..]);
            if (fraction == 0)
            {
                return false;
            }

            mantissa += 1 + fraction;
        }

        if (!TryParseExponent(rest[mantissa..], out var exponent))
        {
            return false;
        }

        var digits = rest[..mantissa].TrimEnd("0."u8);
        var first = digits.IndexOfAnyExcept((byte)'0', (byte)'.');
        if (first < 0)
        {
            return true;
        }

        // The point stands at `integer`; the first digit that counts stands before it or behind it.
        var point = first < integer ? integer - first - 1 : integer - first;
        digits = digits[first..];
        var count = digits.Length - (digits.Contains((byte)'.') ? 1 : 0);
        number = new Parts(isNegative, digits, count, exponent + point);
        return true;
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out long exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        text = text[1..];
        var isNegative = text.StartsWith("-"u8);
        if (isNegative || text.StartsWith("+"u8))
        {
            text = text[1..];
        }

        if (text.IsEmpty || CountDigits(text) != text.Length)
        {
            return false;
        }

        foreach (var digit in text)
        {
            exponent = Math.Min(ExponentBound, (exponent * 10) + (digit - '0'));
        }

        exponent = isNegative ? -exponent : exponent;

        // Beyond the bound two exponents could not be told apart, and no number of use is there.
        return Math.Abs(exponent) < ExponentBound;
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }

    /// <summary>A decimal number d.ddd x 10^Exponent with neither leading nor trailing zeros; zero has no digits.</summary>
    /// <remarks>The digits may have the point of the text among them.</remarks>
    private readonly ref struct Parts(bool isNegative, ReadOnlySpan<byte> digits, int count, long exponent)
    {
        public readonly bool IsNegative = isNegative;
        public readonly ReadOnlySpan<byte> Digits = digits;
        public readonly int Count = count;
        public readonly long Exponent = exponent;
    }
}
