using System.Buffers;
using Mimir.Protocol.Headers;

namespace Mimir.Protocol.Translation;

/// <summary>
/// Finds where values end in JSON text that has been validated already. Validates nothing again, and what is broken all the same is
/// reported with -1 and never by an exception.
/// </summary>
internal static class JsonBytes
{
    /// <summary>Longest text that <see cref="TextIs"/> compares with.</summary>
    private const int LongestText = 64;

    /// <summary>Steps over blanks.</summary>
    public static int Blanks(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    /// <summary>Finds the end of a string.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The opening quote.</param>
    /// <param name="escaped">True when it has escapes.</param>
    /// <returns>The place behind the closing quote, or -1.</returns>
    public static int EndOfString(ReadOnlySpan<byte> text, int at, out bool escaped)
    {
        escaped = false;
        at++;
        while (true)
        {
            // Most strings are short: a few steps by hand cost less than setting out for a vectorised search.
            var near = Math.Min(at + 16, text.Length);
            while (at < near && text[at] is not ((byte)'"' or (byte)'\\'))
            {
                at++;
            }

            if (at >= near)
            {
                var more = at < text.Length ? text[at..].IndexOfAny((byte)'"', (byte)'\\') : -1;
                if (more < 0)
                {
                    return -1;
                }

                at += more;
            }

            if (text[at] == '"')
            {
                return at + 1;
            }

            escaped = true;
            at += 2;
        }
    }

    /// <summary>Finds the end of any value.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Its first byte.</param>
    /// <returns>The place behind its last byte, or -1.</returns>
    public static int EndOf(ReadOnlySpan<byte> text, int at)
    {
        if ((uint)at >= (uint)text.Length)
        {
            return -1;
        }

        switch (text[at])
        {
            case (byte)'"':
                return EndOfString(text, at, out _);
            case (byte)'{' or (byte)'[':
                return EndOfNested(text, at);
            default:
                var start = at;
                while (at < text.Length && text[at] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)':' or (byte)'"' or <= (byte)' '))
                {
                    at++;
                }

                return at > start ? at : -1;
        }
    }

    /// <summary>True for an object without members.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the object begins.</param>
    public static bool IsEmptyObject(ReadOnlySpan<byte> text, int at)
    {
        at = Blanks(text, at + 1);
        return at < text.Length && text[at] == '}';
    }

    /// <summary>Compares the inside of a string with a text, after decoding. A string that is no text (half a surrogate pair) equals none.</summary>
    /// <param name="inside">The string without its quotes.</param>
    /// <param name="text">At most 64 bytes.</param>
    public static bool TextIs(ReadOnlySpan<byte> inside, ReadOnlySpan<byte> text)
    {
        if (inside.SequenceEqual(text))
        {
            return true;
        }

        // The longest spelling of a byte is six bytes long.
        if (inside.Length <= text.Length || inside.Length > 6 * text.Length || !inside.Contains((byte)'\\'))
        {
            return false;
        }

        Span<byte> decoded = stackalloc byte[6 * LongestText];
        return JsonScalar.TryUnescapeContent(inside, decoded, out var length) && decoded[..length].SequenceEqual(text);
    }

    /// <summary>Compares the insides of two strings of any length, after decoding. What is no text equals only what is spelled like it.</summary>
    public static bool SameText(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.SequenceEqual(other) || !(one.Contains((byte)'\\') || other.Contains((byte)'\\')))
        {
            return one.SequenceEqual(other);
        }

        var rented = ArrayPool<byte>.Shared.Rent(one.Length + other.Length);
        var same = JsonScalar.TryUnescapeContent(one, rented, out var first)
            && JsonScalar.TryUnescapeContent(other, rented.AsSpan(first), out var second)
            && rented.AsSpan(0, first).SequenceEqual(rented.AsSpan(first, second));
        ArrayPool<byte>.Shared.Return(rented);
        return same;
    }

    private static int EndOfNested(ReadOnlySpan<byte> text, int at)
    {
        var depth = 0;
        while ((uint)at < (uint)text.Length)
        {
            switch (text[at])
            {
                case (byte)'"':
                    at = EndOfString(text, at, out _);
                    if (at < 0)
                    {
                        return -1;
                    }

                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    if (--depth == 0)
                    {
                        return at + 1;
                    }

                    break;
            }

            at++;
        }

        return -1;
    }
}
