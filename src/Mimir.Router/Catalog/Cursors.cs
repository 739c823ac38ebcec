using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mimir.Router.Catalog;

/// <summary>Cursors of our own lists: which list, which page, and a digest of the entry they stand behind. Stateless; unpadded base64url.</summary>
internal static class Cursors
{
    private const int DigestBytes = 8;

    public static byte[] Make(ListKind kind, int page, Route last)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{(int)kind}.{page}.{Encoding.ASCII.GetString(DigestOf(last))}");
        return Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text)));
    }

    public static byte[] DigestOf(Route route) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(route.Utf8Shown).AsSpan(0, DigestBytes)));

    public static bool TryRead(ReadOnlySpan<byte> cursor, ListKind kind, Span<byte> text, out int page, out ReadOnlySpan<byte> digest)
    {
        page = 0;
        digest = default;
        if (!Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromUtf8(cursor, text, out var length))
        {
            return false;
        }

        var parts = text[..length];
        var first = parts.IndexOf((byte)'.');
        var second = first < 0 ? -1 : parts[(first + 1)..].IndexOf((byte)'.');
        if (second < 0 || first != 1 || parts[0] != '0' + (int)kind
            || !Utf8Parser.TryParse(parts.Slice(first + 1, second), out page, out var used) || used != second)
        {
            return false;
        }

        digest = parts[(first + second + 2)..];
        return true;
    }
}
