using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mimir.Fuzz.Oracles;

/// <summary>What a mirrored header means, read off the specification with strings, regular expressions and big integers.</summary>
internal static partial class HeaderReference
{
    private const int LargestExponent = 300;
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text a header stands for; null when it is malformed.</summary>
    public static string? Decode(string header)
    {
        header = header.Trim(' ', '\t');
        if (header.Any(c => c is not '\t' and (< ' ' or > '~')))
        {
            return null;
        }

        if (!header.StartsWith("=?base64?", StringComparison.Ordinal) || !header.EndsWith("?=", StringComparison.Ordinal))
        {
            return header;
        }

        var match = Wrapped().Match(header);
        if (!match.Success)
        {
            return null;
        }

        var bytes = Convert.FromBase64String(match.Groups[1].Value);
        if (Convert.ToBase64String(bytes) != match.Groups[1].Value)
        {
            return null;
        }

        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Whether header and JSON value say the same; null where this reference does not go (numbers of enormous size).</summary>
    public static bool? Matches(string header, JsonElement value)
    {
        if (Decode(header) is not { } said)
        {
            return false;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => said == "true",
            JsonValueKind.False => said == "false",
            JsonValueKind.String => TextOf(value) is { } text && text == said,
            JsonValueKind.Number => Number().IsMatch(said) ? AreEqual(said, value.GetRawText()) : false,
            _ => false,
        };
    }

    /// <summary>The text of a JSON string; null when it is not Unicode.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\A=\?base64\?((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)\?=\z")]
    private static partial Regex Wrapped();

    [GeneratedRegex(@"\A-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\z")]
    private static partial Regex Number();

    private static bool? AreEqual(string left, string right)
    {
        if (left.Length > LargestExponent || right.Length > LargestExponent || Scaled(left) is not { } a || Scaled(right) is not { } b)
        {
            return null;
        }

        return a == b;
    }

    /// <summary>The number times ten to the power of twice the largest exponent, which makes every number here an integer.</summary>
    private static BigInteger? Scaled(string number)
    {
        var mantissa = number;
        var exponent = BigInteger.Zero;
        if (number.IndexOfAny(['e', 'E']) is var at and >= 0)
        {
            mantissa = number[..at];
            exponent = BigInteger.Parse(number[(at + 1)..].TrimStart('+'), System.Globalization.CultureInfo.InvariantCulture);
        }

        if (BigInteger.Abs(exponent) > LargestExponent)
        {
            return null;
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
        return digits * BigInteger.Pow(10, (2 * LargestExponent) + (int)exponent - fraction);
    }
}
