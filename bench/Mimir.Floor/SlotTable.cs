using System.Buffers.Text;
using System.Collections.Concurrent;

namespace Mimir.Floor;

/// <summary>Our ids and the slots behind them. Allocates only while more messages than ever before are under way. Thread-safe.</summary>
/// <typeparam name="T">What a slot carries.</typeparam>
internal sealed class SlotTable<T>
    where T : Slot, new()
{
    private const int IndexBits = 16;
    private const int Capacity = 1 << IndexBits;

    private readonly T?[] _slots = new T?[Capacity];
    private readonly ConcurrentQueue<T> _free = new();
    private int _count;

    /// <summary>Takes a slot with a fresh id of our own.</summary>
    /// <param name="original">The caller's id.</param>
    /// <exception cref="InvalidOperationException">65,536 messages are under way.</exception>
    public T Take(ReadOnlySpan<byte> original)
    {
        if (!_free.TryDequeue(out var slot))
        {
            var index = Interlocked.Increment(ref _count) - 1;
            if (index >= Capacity)
            {
                throw new InvalidOperationException("Too many messages under way.");
            }

            slot = new T { OwnId = index };
            _slots[index] = slot;
        }

        slot.OwnId += Capacity;
        slot.Keep(original);
        return slot;
    }

    /// <summary>Finds the slot of one of our ids.</summary>
    /// <param name="ownId">The id as a reply carries it.</param>
    /// <returns>The slot, or null when the id is none of ours or was answered before.</returns>
    public T? Find(ReadOnlySpan<byte> ownId) =>
        Utf8Parser.TryParse(ownId, out long id, out var used) && used == ownId.Length
        && _slots[id & (Capacity - 1)] is { } slot && slot.OwnId == id ? slot : null;

    /// <summary>Gives a slot back.</summary>
    public void Return(T slot) => _free.Enqueue(slot);
}
