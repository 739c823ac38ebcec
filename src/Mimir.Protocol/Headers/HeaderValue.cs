using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Mimir.Protocol.Headers;

/// <summary>The codec of header values that mirror a value of the body: plain where that is safe, else base64 between markers.</summary>
/// <remarks>
/// Source: 2026-07-28, Streamable HTTP, "Value Encoding" and "Server Validation". The reader takes whatever the specification
/// allows. The writer is stricter: it also wraps empty values and inner tabs, which some intermediaries drop or turn into spaces, and
/// which every reader has to be able to unwrap.
/// </remarks>
public static class HeaderValue
{
    private const string Prefix = "=?base64?";
    private const string Suffix = "?=";
    private const int StackLimit = 512;

    private static readonly SearchValues<byte> s_plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(c => (byte)c)]);
    private static readonly SearchValues<char> s_readable = SearchValues.Create(['\t', .. Enumerable.Range(0x20, 0x5F).Select(c => (char)c)]);

    /// <summary>Encodes a value for a header.</summary>
    /// <param name="value">The value as UTF-8, without quotes or escapes of JSON.</param>
    /// <returns>Only printable ASCII, and nothing that trimming would change; never empty.</returns>
    public static string Encode(ReadOnlySpan<byte> value)
    {
        if (IsPlain(value))
        {
            return Encoding.ASCII.GetString(value);
        }

        return string.Create(
            checked(Prefix.Length + Base64.GetMaxEncodedToUtf8Length(value.Length) + Suffix.Length),
            value,
            static (text, bytes) =>
            {
                Prefix.CopyTo(text);
                Convert.TryToBase64Chars(bytes, text[Prefix.Length..], out _);
                Suffix.CopyTo(text[^Suffix.Length..]);
            });
    }

    /// <summary>Encodes a scalar of a JSON text for a header.</summary>
    /// <param name="json">One complete JSON value without white space around it, as it stands in the body.</param>
    /// <returns>
    /// The value of the header; null when there must be none: for null, objects, arrays, and strings that are not Unicode text.
    /// </returns>
    public static string? EncodeJson(ReadOnlySpan<byte> json)
    {
        switch (JsonScalar.KindOf(json))
        {
            case JsonScalarKind.True:
                return "true";
            case JsonScalarKind.False:
                return "false";
            case JsonScalarKind.Number:
                return JsonNumber.ToHeader(json);
            case JsonScalarKind.String:
                break;
            default:
                return null;
        }

        byte[]? rented = null;
        var text = json.Length <= StackLimit ? stackalloc byte[StackLimit] : rented = ArrayPool<byte>.Shared.Rent(json.Length);
        try
        {
            return JsonScalar.TryUnescape(json, text, out var length) ? Encode(text[..length]) : null;
        }
        finally
        {
            Return(rented);
        }
    }

    /// <summary>Decodes the value of a header.</summary>
    /// <param name="header">The value as received; white space around it is ignored.</param>
    /// <param name="destination">Where to; as long as <paramref name="header"/> is always enough.</param>
    /// <param name="written">How many bytes of UTF-8 were written.</param>
    /// <returns>False when the header has characters that may not stand in it, or markers around anything but strict base64 of UTF-8.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <paramref name="header"/>.</exception>
    public static bool TryDecode(ReadOnlySpan<char> header, Span<byte> destination, out int written)
    {
        if (destination.Length < header.Length)
        {
            throw new ArgumentException("The destination must be at least as long as the header.", nameof(destination));
        }

        written = 0;
        header = header.Trim(" \t");
        if (header.ContainsAnyExcept(s_readable))
        {
            return false;
        }

        if (!header.StartsWith(Prefix, StringComparison.Ordinal) || !header.EndsWith(Suffix, StringComparison.Ordinal))
        {
            written = Encoding.ASCII.GetBytes(header, destination);
            return true;
        }

        // "=?base64?=" has both markers in each other's place: it means nothing, and writers are told to wrap such a value.
        return header.Length >= Prefix.Length + Suffix.Length
            && TryDecodeBase64(header[Prefix.Length..^Suffix.Length], destination, out written);
    }

    /// <summary>Whether a header says the same as the value of the body that it mirrors.</summary>
    /// <param name="header">The value as received.</param>
    /// <param name="json">One complete JSON value without white space around it, as it stands in the body.</param>
    /// <returns>
    /// True for equal strings (escapes undone, compared byte for byte), for equal numbers (<c>42.0</c> is <c>42</c>, whatever the
    /// size), and for the same boolean. False for everything else, malformed input included.
    /// </returns>
    public static bool Matches(ReadOnlySpan<char> header, ReadOnlySpan<byte> json)
    {
        var kind = JsonScalar.KindOf(json);
        if (kind == JsonScalarKind.None)
        {
            return false;
        }

        byte[]? rented = null;
        var needed = header.Length + (kind == JsonScalarKind.String ? json.Length : 0);
        var space = needed <= StackLimit ? stackalloc byte[StackLimit] : rented = ArrayPool<byte>.Shared.Rent(needed);
        try
        {
            if (!TryDecode(header, space, out var length))
            {
                return false;
            }

            ReadOnlySpan<byte> said = space[..length];
            return kind switch
            {
                JsonScalarKind.True => said.SequenceEqual("true"u8),
                JsonScalarKind.False => said.SequenceEqual("false"u8),
                JsonScalarKind.Number => JsonNumber.AreEqual(said, json),
                _ => JsonScalar.TryUnescape(json, space[length..], out var bodyLength) && said.SequenceEqual(space.Slice(length, bodyLength)),
            };
        }
        finally
        {
            Return(rented);
        }
    }

    /// <summary>Whether a request must carry a header for this value of its body.</summary>
    internal static bool IsMirrored(ReadOnlySpan<byte> json) => JsonScalar.KindOf(json) switch
    {
        JsonScalarKind.None => false,
        JsonScalarKind.Number => !JsonNumber.IsUnsafeInteger(json),
        JsonScalarKind.String => EncodeJson(json) is not null,
        _ => true,
    };

    private static bool IsPlain(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && value[0] != (byte)' ' && value[^1] != (byte)' ' && !value.ContainsAnyExcept(s_plain)
        && !(value.StartsWith("=?base64?"u8) && value.EndsWith("?="u8));

    private static bool TryDecodeBase64(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;

        // The decoder of the runtime skips white space, which strict base64 does not have.
        if (text.Length % 4 != 0 || text.ContainsAny(' ', '\t') || !Convert.TryFromBase64Chars(text, destination, out var length))
        {
            return false;
        }

        // Bits that no byte uses must be zero: one value has one spelling, so that nobody can disagree about it.
        if (!IsCanonicalEnd(text) || !Utf8.IsValid(destination[..length]))
        {
            return false;
        }

        written = length;
        return true;
    }

    private static bool IsCanonicalEnd(ReadOnlySpan<char> text)
    {
        if (!text.EndsWith('='))
        {
            return true;
        }

        var isDouble = text[^2] == '=';
        var last = Sextet(text[isDouble ? ^3 : ^2]);
        return (last & (isDouble ? 0b1111 : 0b11)) == 0;
    }

    private static int Sextet(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' => 62,
        _ => 63,
    };

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
