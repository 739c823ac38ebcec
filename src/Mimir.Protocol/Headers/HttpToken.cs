using System.Buffers;

namespace Mimir.Protocol.Headers;

/// <summary>The characters of a token, the alphabet of header names (RFC 9110, 5.6.2).</summary>
internal static class HttpToken
{
    public static readonly SearchValues<char> Characters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}
