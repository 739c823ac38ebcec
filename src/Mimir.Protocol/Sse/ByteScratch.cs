using System.Buffers;

namespace Mimir.Protocol.Sse;

/// <summary>A growing byte buffer over a rented array. Mutable: keep it in a field, never copy it.</summary>
internal struct ByteScratch
{
    private const int Smallest = 64;
    private const int KeepUpTo = 4096;

    private byte[]? _array;

    public int Length { get; private set; }

    public readonly ReadOnlyMemory<byte> Memory => _array is null ? default : new(_array, 0, Length);

    public void Set(ReadOnlySpan<byte> bytes)
    {
        Length = 0;
        Append(bytes);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Append(byte value)
    {
        Reserve(1);
        _array![Length++] = value;
    }

    /// <summary>Empties the buffer and gives a large array back, so that one large event does not stay with an idle stream.</summary>
    public void Clear()
    {
        Length = 0;
        if (_array is { Length: > KeepUpTo })
        {
            Release();
        }
    }

    public void Release()
    {
        Length = 0;
        if (_array is { } array)
        {
            _array = null;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Reserve(int more)
    {
        if (_array is { } array && array.Length - Length >= more)
        {
            return;
        }

        // Four times, not twice: the arrays outgrown on the way stay with the pool, and together they should be small beside the last.
        var wanted = Math.Max((long)Length + more, Math.Min(4L * Math.Max(Smallest, _array?.Length ?? 0), Array.MaxLength));
        var larger = ArrayPool<byte>.Shared.Rent(checked((int)wanted));
        if (_array is { } old)
        {
            old.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(old);
        }

        _array = larger;
    }
}
