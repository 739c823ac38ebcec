using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>Sets servers aside as the configuration says, and takes them back into service.</summary>
internal static class Isolation
{
    private const string Released = "the configuration does not set it aside any more";

    /// <summary>Sets a server aside of which nothing runs yet.</summary>
    /// <param name="pool">The server.</param>
    /// <param name="reason">Why; null when it is not to be.</param>
    public static void SetAside(ServerPool pool, string? reason)
    {
        if (reason is not null)
        {
            pool.State.Life.Apply(LifeTrigger.Quarantine, pool.State.Generation, reason);
        }
    }

    /// <summary>Does so to the servers that go on as another configuration is taken over. Waits for nothing.</summary>
    /// <param name="before">What was there.</param>
    /// <param name="after">What is there now.</param>
    /// <param name="welcome">Told of servers that are back.</param>
    /// <returns>Those of which something else is said than before.</returns>
    public static IReadOnlyList<ServerPool> Apply(RouterSnapshot before, RouterSnapshot after, Action<ServerPool> welcome)
    {
        // What goes on keeps the model it was made of, so that of the configurations is asked.
        var then = before.Model.Servers.ToDictionary(static s => s.Name, static s => s.Quarantine, StringComparer.Ordinal);
        var now = after.Model.Servers.ToDictionary(static s => s.Name, static s => s.Quarantine, StringComparer.Ordinal);
        var concerned = after.Pools.Intersect(before.Pools).Where(p => then[p.Model.Name] != now[p.Model.Name]).ToList();
        foreach (var pool in concerned)
        {
            if (then[pool.Model.Name] is not null)
            {
                pool.Forgive();
                pool.State.Life.Apply(LifeTrigger.Release, pool.State.Generation, Released);
            }

            if (now[pool.Model.Name] is { } reason)
            {
                _ = PoolEnd.RunAsync(pool, LifeTrigger.Quarantine, reason, TimeSpan.Zero);
            }
            else
            {
                welcome(pool);
            }
        }

        return concerned;
    }
}
