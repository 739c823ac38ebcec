using System.Globalization;
using System.Text;

namespace Mimir.Configuration.Readers;

/// <summary>Reads integers and floats of TOML 1.0 and writes them as every other format does.</summary>
internal static class TomlNumbers
{
    /// <summary>Reads a number.</summary>
    /// <param name="word">ASCII, not empty.</param>
    /// <param name="at">Its offset.</param>
    /// <param name="text">Decimal, without <c>_</c> and <c>+</c> before it: an integer in digits alone, a float as written else.</param>
    public static TomlFault? Read(ReadOnlySpan<byte> word, int at, out string text)
    {
        text = "";
        if (word is [(byte)'0', (byte)'x' or (byte)'o' or (byte)'b', ..])
        {
            return ReadBased(word[2..], (char)word[1] switch { 'x' => 16, 'o' => 8, _ => 2 }, at, out text);
        }

        var rest = word is [(byte)'+' or (byte)'-', ..] ? word[1..] : word;
        var whole = DigitsLength(rest, 10);
        if (whole == 0 || (whole > 1 && rest[0] == '0'))
        {
            return TomlFault.Number(at);
        }

        text = Encoding.ASCII.GetString(word).Replace("_", "", StringComparison.Ordinal).TrimStart('+');
        if (whole == rest.Length)
        {
            var fits = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
            text = value.ToString(CultureInfo.InvariantCulture);
            return fits ? null : TomlFault.Range(at);
        }

        return IsFraction(rest[whole..]) ? null : TomlFault.Number(at);
    }

    /// <summary>Whether this, behind a whole number, makes it a float: a fraction, an exponent, or both.</summary>
    private static bool IsFraction(ReadOnlySpan<byte> rest)
    {
        if (rest[0] == '.')
        {
            var digits = DigitsLength(rest[1..], 10);
            if (digits == 0)
            {
                return false;
            }

            rest = rest[(1 + digits)..];
        }

        if (rest is [(byte)'e' or (byte)'E', ..])
        {
            rest = rest is [_, (byte)'+' or (byte)'-', ..] ? rest[2..] : rest[1..];
            var digits = DigitsLength(rest, 10);
            return digits > 0 && digits == rest.Length;
        }

        return rest.IsEmpty;
    }

    private static TomlFault? ReadBased(ReadOnlySpan<byte> digits, int radix, int at, out string text)
    {
        text = "";
        if (digits.IsEmpty || DigitsLength(digits, radix) != digits.Length)
        {
            return TomlFault.Number(at);
        }

        long value = 0;
        foreach (var digit in digits)
        {
            if (digit == '_')
            {
                continue;
            }

            var number = ValueOf(digit);
            if (value > (long.MaxValue - number) / radix)
            {
                return TomlFault.Range(at);
            }

            value = (value * radix) + number;
        }

        text = value.ToString(CultureInfo.InvariantCulture);
        return null;
    }

    /// <summary>How many bytes are digits, each <c>_</c> among them between two.</summary>
    private static int DigitsLength(ReadOnlySpan<byte> text, int radix)
    {
        var length = 0;
        while (length < text.Length)
        {
            var next = length > 0 && text[length] == '_' ? length + 1 : length;
            if (next == text.Length || ValueOf(text[next]) >= radix)
            {
                break;
            }

            length = next + 1;
        }

        return length;
    }

    /// <summary>The value of a hexadecimal digit; of anything else, more than any.</summary>
    private static int ValueOf(byte digit) => (char)digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'f' => digit - 'a' + 10,
        >= 'A' and <= 'F' => digit - 'A' + 10,
        _ => int.MaxValue,
    };
}
