using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>Takes a server out of service.</summary>
internal static class PoolEnd
{
    /// <summary>
    /// New calls are refused at once; those that are open may come to their ends; then everything is closed that was open at the
    /// beginning. A server that is released meanwhile stays so.
    /// </summary>
    /// <param name="pool">The server.</param>
    /// <param name="trigger"><see cref="LifeTrigger.Stop"/> or <see cref="LifeTrigger.Quarantine"/>.</param>
    /// <param name="reason">Why, for people; no secrets.</param>
    /// <param name="grace">How long open calls are waited for.</param>
    public static async Task RunAsync(ServerPool pool, LifeTrigger trigger, string reason, TimeSpan grace)
    {
        var life = pool.State.Life;
        var releases = life.Releases;
        if (trigger == LifeTrigger.Quarantine || !life.Apply(LifeTrigger.Drain, pool.State.Generation, reason, releases: releases))
        {
            life.Apply(trigger, pool.State.Generation, reason, releases: releases);
        }

        if (life.Releases != releases)
        {
            return;
        }

        // Whoever starts it while calls are waited for gets a connection of its own, which is not among these.
        var open = pool.Slots.SelectMany(static s => s.Retire()).ToList();
        await Task.WhenAny(Task.WhenAll(open.Select(static c => c.Gone.Task)), Task.Delay(grace, pool.Clock.Time)).ConfigureAwait(false);
        await Task.WhenAll(open.Select(static c => c.DisposeAsync().AsTask())).ConfigureAwait(false);
        life.Apply(trigger, pool.State.Generation, reason, releases: releases);
    }
}
