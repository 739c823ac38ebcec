using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Mimir.Protocol.Revisions;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>The connection slots of one server, by who shares them. Thread-safe.</summary>
/// <param name="pool">The server.</param>
internal sealed class SlotTable(ServerPool pool)
{
    private static readonly TimeSpan UnusedFor = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<SlotKey, ConnectionSlot> _slots = new();
    private readonly ConditionalWeakTable<object, object> _endedSessions = [];

    /// <summary>All there are now.</summary>
    public IEnumerable<ConnectionSlot> All => _slots.Values;

    /// <summary>Finds the slot, or makes it.</summary>
    public ConnectionSlot Get(Era era, ClientProfile profile, object? owner)
    {
        var key = new SlotKey(era == Era.Modern, profile.Key, owner);
        if (!_slots.TryGetValue(key, out var slot))
        {
            slot = _slots.GetOrAdd(key, new ConnectionSlot(pool, era, profile, owner));
        }

        if (owner is not null && _endedSessions.TryGetValue(owner, out _))
        {
            // What goes on after its session has ended opens nothing, and nothing stays behind.
            EndSession(owner);
        }

        return slot;
    }

    /// <summary>Ends the connections a session has for itself.</summary>
    public void EndSession(object session)
    {
        _endedSessions.TryAdd(session, session);
        foreach (var (key, slot) in _slots)
        {
            if (ReferenceEquals(key.Owner, session) && _slots.TryRemove(key, out _))
            {
                _ = slot.EndAsync().AsTask();
            }
        }
    }

    /// <summary>Ends connections of kinds of clients that have not been there for a while.</summary>
    /// <param name="wanted">The profiles of the clients that are there.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    /// <returns>The slots that were ended.</returns>
    public IReadOnlyList<ConnectionSlot> EndUnused(IReadOnlySet<string> wanted, long now)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var ended = new List<ConnectionSlot>();
        foreach (var (key, slot) in _slots)
        {
            if (key.Modern || key.Owner is not (null or BridgeLane) || ReferenceEquals(slot.Profile, ClientProfile.Plain))
            {
                continue;
            }

            if (slot.LastWanted == 0 || wanted.Contains(slot.Profile.Kind) || slot.Live is { Pending.Count: > 0 })
            {
                slot.LastWanted = now;
            }
            else if (now - slot.LastWanted > UnusedFor.TotalMilliseconds && _slots.TryRemove(key, out _))
            {
                _ = slot.EndAsync().AsTask();
                ended.Add(slot);
            }
        }

        return ended;
    }

    /// <summary>Who shares a connection. A class, since code for tables of structs is compiled while the first client waits.</summary>
    private sealed record SlotKey(bool Modern, string Profile, object? Owner);
}
