using System.Buffers;

namespace Mimir.Protocol.Sse;

/// <summary>
/// The rented array a stream is read into: grows with what must be kept, moves it to the front when that pays, and shrinks
/// again. Mutable: keep it in a field, never copy it.
/// </summary>
internal struct StreamBuffer(int largestKept)
{
    private const int InitialCapacity = 4096;
    private const int SmallestRead = 1024;
    private const int ShrinkAbove = 64 * 1024;
    private const int ShrinkAfter = 32;

    private byte[]? _array = ArrayPool<byte>.Shared.Rent(InitialCapacity);
    private int _roomyReads;

    /// <summary>Where the bytes read so far end.</summary>
    public int End { get; private set; }

    public readonly byte[] Array
    {
        get
        {
            ObjectDisposedException.ThrowIf(_array is null, typeof(SseParser));
            return _array;
        }
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.Length - End);
        End += count;
    }

    public void Clear() => End = 0;

    public void Release()
    {
        if (_array is { } array)
        {
            _array = null;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    /// <summary>Makes room behind <see cref="End"/>, keeping everything from <paramref name="live"/> on.</summary>
    /// <returns>By how much all offsets into the array have become smaller.</returns>
    public int MakeRoom(int sizeHint, int live)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var array = Array;
        var room = Math.Max(sizeHint, SmallestRead);
        var kept = End - live;
        if (kept == 0)
        {
            array = Shrink(array);
            End = 0;
            if (array.Length >= room)
            {
                return live;
            }

            Grow(array, 0, 0, room);
            return live;
        }

        if (array.Length - End >= room)
        {
            return 0;
        }

        // Bytes are moved only when at least as many were consumed, or the array may not grow any more: linear time either way.
        if (array.Length - kept >= room && (kept <= array.Length / 2 || array.Length >= (long)largestKept + room))
        {
            array.AsSpan(live, kept).CopyTo(array);
            End = kept;
        }
        else
        {
            Grow(array, live, kept, room);
        }

        return live;
    }

    private void Grow(byte[] array, int live, int kept, int room)
    {
        // Four times, not twice: the arrays outgrown on the way stay with the pool, and together they should be small beside the last.
        var wanted = Math.Max((long)kept + room, Math.Min(4L * array.Length, (long)largestKept + room));
        var larger = ArrayPool<byte>.Shared.Rent(checked((int)wanted));
        array.AsSpan(live, kept).CopyTo(larger);
        End = kept;
        _array = larger;
        _roomyReads = 0;
        ArrayPool<byte>.Shared.Return(array);
    }

    /// <summary>Gives a large array back when a run of reads had no need of it, so that an idle stream is cheap.</summary>
    private byte[] Shrink(byte[] array)
    {
        if (array.Length <= ShrinkAbove || ++_roomyReads < ShrinkAfter)
        {
            return array;
        }

        _roomyReads = 0;
        ArrayPool<byte>.Shared.Return(array);
        return _array = ArrayPool<byte>.Shared.Rent(InitialCapacity);
    }
}
