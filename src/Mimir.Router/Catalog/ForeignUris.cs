using System.Text;

namespace Mimir.Router.Catalog;

/// <summary>Uris that several servers offer: all but the first server's are shown as <c>mimir://PREFIX/URI</c>.</summary>
public static class ForeignUris
{
    private static ReadOnlySpan<byte> Scheme => "mimir://"u8;

    /// <summary>Makes the shown form.</summary>
    public static string Make(string prefix, string uri) => $"mimir://{prefix}/{uri}";

    /// <summary>What the shown form has before the server's own uri.</summary>
    public static byte[] PrefixOf(string prefix) => Encoding.UTF8.GetBytes($"mimir://{prefix}/");

    /// <summary>Splits the shown form.</summary>
    /// <param name="shown">What a client asks for, decoded or as the inside of a JSON string.</param>
    /// <param name="prefix">The server's prefix.</param>
    /// <param name="length">Bytes before the server's own uri.</param>
    public static bool TrySplit(ReadOnlySpan<byte> shown, out ReadOnlySpan<byte> prefix, out int length)
    {
        prefix = default;
        length = 0;
        if (!shown.StartsWith(Scheme))
        {
            return false;
        }

        var slash = shown[Scheme.Length..].IndexOf((byte)'/');
        if (slash <= 0)
        {
            return false;
        }

        prefix = shown.Slice(Scheme.Length, slash);
        length = Scheme.Length + slash + 1;
        return true;
    }
}
