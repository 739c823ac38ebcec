using System.Buffers.Binary;

namespace Mimir.Router.Bridging;

/// <summary>What the state token of a parked call says, once it has been opened.</summary>
/// <param name="Handle">Which parked call; 128 random bits.</param>
/// <param name="Round">How many times the client has been asked before, from 0.</param>
/// <param name="Expires">From when on the token is worth nothing: milliseconds since 1970, UTC.</param>
/// <param name="Digest">Of the request that was parked. Whoever opens the token compares it with that of the retry.</param>
/// <param name="Replica">The instance of the router that holds the parked call.</param>
public readonly record struct StateClaim(UInt128 Handle, int Round, long Expires, ParamsDigest Digest, UInt128 Replica)
{
    /// <summary>Bytes of a claim inside a token.</summary>
    internal const int Length = 16 + 4 + 8 + ParamsDigest.Length + 16;

    internal static StateClaim Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt128BigEndian(bytes),
        BinaryPrimitives.ReadInt32BigEndian(bytes[16..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[20..]),
        ParamsDigest.Read(bytes[28..]),
        BinaryPrimitives.ReadUInt128BigEndian(bytes[60..]));

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Handle);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], Round);
        BinaryPrimitives.WriteInt64BigEndian(bytes[20..], Expires);
        Digest.Write(bytes[28..]);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[60..], Replica);
    }
}
