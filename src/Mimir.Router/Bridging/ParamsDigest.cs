using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Mimir.Protocol.Translation;

namespace Mimir.Router.Bridging;

/// <summary>
/// SHA-256 of who asks what: two requests with the same digest are rounds of the same call. The canonical form of params is that of
/// <see cref="CanonicalParams"/>: order of members, blanks and spelling of escapes make no difference, numbers count as spelled.
/// </summary>
/// <param name="High">The first 16 bytes, big-endian.</param>
/// <param name="Low">The last 16 bytes, big-endian.</param>
public readonly record struct ParamsDigest(UInt128 High, UInt128 Low)
{
    /// <summary>Bytes of a digest.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Digests a request.</summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="method">The method's name, decoded.</param>
    /// <param name="paramsJson">The JSON of params, or nothing. Its <c>_meta</c>, <c>inputResponses</c> and <c>requestState</c> do not count.</param>
    public static ParamsDigest Of(string principal, ReadOnlySpan<byte> method, ReadOnlySpan<byte> paramsJson)
    {
        var text = new ArrayBufferWriter<byte>(principal.Length + method.Length + (2 * paramsJson.Length) + 64);
        Encoding.UTF8.GetBytes(principal, text);
        text.Write("\0"u8);
        text.Write(method);
        text.Write("\0"u8);
        CanonicalParams.Write(paramsJson, text);
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(text.WrittenSpan, hash);
        return Read(hash);
    }

    /// <summary>Takes it from bytes.</summary>
    /// <param name="bytes">At least <see cref="Length"/> bytes.</param>
    internal static ParamsDigest Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    /// <summary>Puts it into bytes.</summary>
    /// <param name="bytes">At least <see cref="Length"/> bytes.</param>
    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Low);
    }
}
