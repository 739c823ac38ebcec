using System.Collections.Concurrent;
using Mimir.Protocol.Revisions;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>All lists of all servers, and what was last known good of each for clients of the same kind. Thread-safe.</summary>
public sealed class CatalogStore
{
    private const int MostDeparted = 64;
    private const int MostRedefined = 100;
    private readonly ConcurrentDictionary<ConnectionSlot, SlotLists> _slots = new();
    private readonly ConcurrentDictionary<SameKind, SlotLists> _lastGood = new();
    private readonly ConcurrentQueue<SlotLists> _departed = new();
    private long _epoch = 1;

    /// <summary>Raised after lists were fetched: whose, and which of them differ from before (null: none, but the server's state did).</summary>
    public event Action<SlotLists, IReadOnlyList<ListKind>?>? Changed;

    /// <summary>Raised when a server lists a tool otherwise than it did before: whose, as it was, as it is. Of many at once the first 100.</summary>
    public event Action<ServerPool, CatalogEntry, CatalogEntry>? Redefined;

    /// <summary>Grows whenever anything visible may have changed.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>The lists of a slot.</summary>
    public SlotLists For(ConnectionSlot slot) => _slots.TryGetValue(slot, out var lists) ? lists : _slots.GetOrAdd(slot, new SlotLists(this, slot));

    /// <summary>The lists of a slot if anybody asked for them before.</summary>
    public SlotLists? Find(ConnectionSlot slot) => _slots.GetValueOrDefault(slot);

    /// <summary>The lists of the slot a connection belongs to, if anybody asked for them before.</summary>
    public SlotLists? Find(UpstreamConnection connection)
    {
        foreach (var (slot, lists) in _slots)
        {
            if (ReferenceEquals(slot.Live, connection))
            {
                return lists;
            }
        }

        return null;
    }

    /// <summary>
    /// What is shown for a slot now: its own list, else what another connection of the same kind showed last. Resources that a
    /// server made for one client alone are shown to no other.
    /// </summary>
    /// <returns>Null when nothing is known.</returns>
    public ServerList? Known(ConnectionSlot slot, ListKind kind)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return _slots.TryGetValue(slot, out var own) && own[kind] is { } list
            ? list
            : _lastGood.TryGetValue(KindOf(slot), out var other) && (kind != ListKind.Resources || other.Slot.Owner is null)
                ? other[kind]
                : null;
    }

    /// <summary>Tells whether a slot has shown a list of its own.</summary>
    public bool IsKnown(ConnectionSlot slot, ListKind kind) => Find(slot)?[kind] is not null;

    /// <summary>
    /// Tells whether what is shown for a slot needs no asking. A server that is let go of when nobody uses it is not started for a list
    /// that another client of the same kind was shown.
    /// </summary>
    public bool IsSettled(ConnectionSlot slot, ListKind kind)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return IsKnown(slot, kind) || (slot.Pool.Model.IdleTimeout > TimeSpan.Zero && slot.Live is null && Known(slot, kind) is not null);
    }

    /// <summary>
    /// Forgets a slot that ended. What it showed last stays for the next client of its kind; that of the newest 64 that went so, for
    /// kinds are as many as clients care to declare.
    /// </summary>
    public void Drop(ConnectionSlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        if (_slots.TryRemove(slot, out var lists))
        {
            Departed(lists);
        }
    }

    /// <summary>Forgets a slot that several shared, and what it showed last; whoever still has lists merges them anew.</summary>
    public void DropShared(ConnectionSlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        _slots.TryRemove(slot, out _);
        _lastGood.TryRemove(KindOf(slot), out _);
        Interlocked.Increment(ref _epoch);
    }

    /// <summary>A server is run otherwise than before. What it listed is shown until it lists again.</summary>
    internal void Inherit(ServerPool before, ServerPool after)
    {
        foreach (var (kind, lists) in _lastGood)
        {
            if (kind.Pool == before)
            {
                _lastGood[kind with { Pool = after }] = lists;
            }
        }
    }

    /// <summary>Forgets a server for good.</summary>
    internal void Forget(ServerPool pool)
    {
        foreach (var slot in _slots.Keys.Where(s => s.Pool == pool))
        {
            _slots.TryRemove(slot, out _);
        }

        foreach (var kind in _lastGood.Keys.Where(k => k.Pool == pool))
        {
            _lastGood.TryRemove(kind, out _);
        }
    }

    /// <summary>Notes that something visible may have changed that is not in the lists themselves.</summary>
    public void Stir() => Interlocked.Increment(ref _epoch);

    /// <summary>A list of tools has come in the place of another.</summary>
    internal void Compare(ConnectionSlot slot, ServerList before, ServerList after)
    {
        if (Redefined is not { } tell)
        {
            return;
        }

        var known = new Dictionary<string, CatalogEntry>(StringComparer.Ordinal);
        foreach (var entry in before.Entries)
        {
            known.TryAdd(entry.Key, entry);
        }

        var told = 0;
        foreach (var entry in after.Entries)
        {
            if (known.TryGetValue(entry.Key, out var was) && !was.Json.AsSpan().SequenceEqual(entry.Json) && told++ < MostRedefined)
            {
                tell(slot.Pool, was, entry);
            }
        }
    }

    internal void Touched(SlotLists lists, IReadOnlyList<ListKind>? changed)
    {
        if (lists.IsLoaded && ReferenceEquals(Find(lists.Slot), lists))
        {
            _lastGood[KindOf(lists.Slot)] = lists;
            if (!ReferenceEquals(Find(lists.Slot), lists))
            {
                Departed(lists);
            }
        }

        Interlocked.Increment(ref _epoch);
        Changed?.Invoke(lists, changed);
    }

    private void Departed(SlotLists lists)
    {
        if (!ReferenceEquals(_lastGood.GetValueOrDefault(KindOf(lists.Slot)), lists))
        {
            return;
        }

        _departed.Enqueue(lists);
        while (_departed.Count > MostDeparted && _departed.TryDequeue(out var oldest))
        {
            _lastGood.TryRemove(new KeyValuePair<SameKind, SlotLists>(KindOf(oldest.Slot), oldest));
        }
    }

    private static SameKind KindOf(ConnectionSlot slot) => new(slot.Pool, slot.Era == Era.Modern, slot.Profile.Key);

    private sealed record SameKind(ServerPool Pool, bool Modern, string Profile);
}
