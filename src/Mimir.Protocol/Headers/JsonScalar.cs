using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Mimir.Protocol.Headers;

/// <summary>Reads a single JSON value that stands alone, strictly, and without throwing whatever the bytes are.</summary>
internal static class JsonScalar
{
    private static readonly SearchValues<byte> s_special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    /// <summary>The kind of the value, told by its first byte; for the literals by all of them.</summary>
    public static JsonScalarKind KindOf(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return JsonScalarKind.None;
        }

        switch (json[0])
        {
            case (byte)'"':
                return JsonScalarKind.String;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return JsonScalarKind.Number;
            case (byte)'t' when json.SequenceEqual("true"u8):
                return JsonScalarKind.True;
            case (byte)'f' when json.SequenceEqual("false"u8):
                return JsonScalarKind.False;
            default:
                return JsonScalarKind.None;
        }
    }

    /// <summary>Undoes the quotes and escapes of a JSON string.</summary>
    /// <param name="json">The string with its quotes.</param>
    /// <param name="destination">At least as long as <paramref name="json"/> without its quotes.</param>
    /// <param name="written">The length of the text.</param>
    /// <returns>False when it is not one JSON string, or has an escaped half of a surrogate pair.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> json, Span<byte> destination, out int written)
    {
        written = 0;
        if (json.Length < 2 || json[0] != (byte)'"' || json[^1] != (byte)'"')
        {
            return false;
        }

        return TryUnescapeContent(json[1..^1], destination, out written);
    }

    /// <summary>Undoes the escapes of a JSON string that comes without its quotes.</summary>
    /// <inheritdoc cref="TryUnescape"/>
    public static bool TryUnescapeContent(ReadOnlySpan<byte> content, Span<byte> destination, out int written)
    {
        written = 0;
        var rest = content;
        while (true)
        {
            var special = rest.IndexOfAny(s_special);
            var plain = special < 0 ? rest : rest[..special];
            plain.CopyTo(destination[written..]);
            written += plain.Length;
            if (special < 0)
            {
                return true;
            }

            rest = rest[special..];
            if (rest[0] != (byte)'\\' || !TryTakeEscape(ref rest, out var rune))
            {
                return false;
            }

            written += rune.EncodeToUtf8(destination[written..]);
        }
    }

    private static bool TryTakeEscape(ref ReadOnlySpan<byte> rest, out Rune rune)
    {
        rune = default;
        if (rest.Length < 2)
        {
            return false;
        }

        if (rest[1] == (byte)'u')
        {
            return TryTakeUnicodeEscape(ref rest, out rune);
        }

        var c = rest[1] switch
        {
            (byte)'"' => '"',
            (byte)'\\' => '\\',
            (byte)'/' => '/',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => '\0',
        };
        rest = rest[2..];
        rune = new Rune(c);
        return c != '\0';
    }

    private static bool TryTakeUnicodeEscape(ref ReadOnlySpan<byte> rest, out Rune rune)
    {
        rune = default;
        if (!TryTakeUnit(ref rest, out var unit))
        {
            return false;
        }

        return char.IsHighSurrogate(unit)
            ? TryTakeUnit(ref rest, out var low) && Rune.TryCreate(unit, low, out rune)
            : Rune.TryCreate(unit, out rune);
    }

    private static bool TryTakeUnit(ref ReadOnlySpan<byte> rest, out char unit)
    {
        unit = '\0';
        if (rest.Length < 6 || rest[0] != (byte)'\\' || rest[1] != (byte)'u'
            || !Utf8Parser.TryParse(rest.Slice(2, 4), out ushort value, out var consumed, 'x') || consumed != 4)
        {
            return false;
        }

        unit = (char)value;
        rest = rest[6..];
        return true;
    }
}
