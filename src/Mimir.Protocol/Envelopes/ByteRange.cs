namespace Mimir.Protocol.Envelopes;

/// <summary>A part of a frame: where it begins and how many bytes it has. The default value is "not there".</summary>
/// <param name="At">Offset of the first byte from the start of the frame.</param>
/// <param name="Length">Bytes; 0 only for "not there" and for the inside of an empty string.</param>
public readonly record struct ByteRange(int At, int Length)
{
    /// <summary>True when the part was found. Offset 0 is never a part, since a frame begins with <c>{</c>.</summary>
    public bool Exists => At > 0;

    /// <summary>Offset behind the last byte.</summary>
    public int End => At + Length;

    /// <summary>The bytes themselves.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> frame) => frame.Slice(At, Length);

    /// <summary>The inside of a JSON string token: without its quotes.</summary>
    public ByteRange Inside => new(At + 1, Length - 2);
}
