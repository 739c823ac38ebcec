using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>Lets go of servers that nobody has used for a while, if their configuration says so: their tools stay listed, and the next call starts them.</summary>
internal sealed class Naps(RouterEngine engine)
{
    private const long EveryMs = 500;
    private long _next;

    /// <summary>Looks at all servers, now and then.</summary>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public void Sweep(long now)
    {
        if (now < _next)
        {
            return;
        }

        _next = now + EveryMs;
        foreach (var pool in engine.Pools)
        {
            pool.RestIdle(IsWanted);
        }
    }

    /// <summary>True while somebody waits for what the server may say by itself.</summary>
    private bool IsWanted(ConnectionSlot slot)
    {
        var pool = slot.Pool;
        if (engine.Tasks.OpenAt(pool.Model.Name).Count > 0 || engine.Bridge.Tasks.ProfileKeys.Contains(slot.Profile.Kind, StringComparer.Ordinal))
        {
            return true;
        }

        if (slot.Era == Era.Modern)
        {
            return engine.Attendances.IsWanted(pool);
        }

        var prefix = Subscriptions.Key(pool, "");
        return (slot.Owner is BridgeLane && engine.Listens.Wanted(slot).Uris.Count > 0)
            || engine.Sessions.Any(s => s.Catalog is { } c && s.View.Pools.Contains(pool) && ReferenceEquals(c.SlotOf(pool), slot) && s.Subscribed(prefix).Count > 0);
    }
}
