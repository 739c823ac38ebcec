using System.Buffers.Binary;

namespace Mimir.Http.Streams;

/// <summary>
/// A piece of memory with whole events of a stream, one behind the other. A flood of small events is kept in few pieces that are
/// used again, and leaves nothing for the collector.
/// </summary>
internal sealed class EventBlock(int size)
{
    /// <summary>The size of those that are used again. A larger one has one event.</summary>
    public const int UsualSize = 1024;

    /// <summary>What an event takes besides its bytes: its number, its length, and whether it is news.</summary>
    public const int HeadSize = 16;

    private readonly byte[] _bytes = new byte[size];

    /// <summary>Where its first event begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where its last event ends.</summary>
    public int End { get; private set; }

    /// <summary>The piece behind it in its stream.</summary>
    public EventBlock? Next { get; set; }

    /// <summary>True when it has no event.</summary>
    public bool IsEmpty => Start == End;

    /// <summary>True when it can be used again.</summary>
    public bool IsUsual => _bytes.Length == UsualSize;

    /// <summary>Tells whether an event of so many bytes has room.</summary>
    public bool Fits(int length) => _bytes.Length - End >= HeadSize + length;

    /// <summary>Puts an event behind the last.</summary>
    public void Put(long number, ReadOnlySpan<byte> bytes, bool isNews)
    {
        var head = _bytes.AsSpan(End);
        BinaryPrimitives.WriteInt64LittleEndian(head, number);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], bytes.Length);
        head[12] = isNews ? (byte)1 : (byte)0;
        bytes.CopyTo(head[HeadSize..]);
        End += HeadSize + bytes.Length;
    }

    /// <summary>Reads the event that begins at a place.</summary>
    public KeptEvent At(int offset)
    {
        var head = _bytes.AsSpan(offset);
        return new KeptEvent(
            BinaryPrimitives.ReadInt64LittleEndian(head), head[12] != 0, head.Slice(HeadSize, BinaryPrimitives.ReadInt32LittleEndian(head[8..])));
    }

    /// <summary>Takes the first event away.</summary>
    public void RemoveFirst() => Start += At(Start).Cost;

    /// <summary>Takes everything from a place on away.</summary>
    public void Cut(int offset)
    {
        End = offset;
        Next = null;
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Start = End = 0;
        Next = null;
    }
}
