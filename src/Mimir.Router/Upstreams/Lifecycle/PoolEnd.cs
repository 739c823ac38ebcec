using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>Takes a server out of service.</summary>
internal static class PoolEnd
{
    /// <summary>New calls are refused at once; those that are open may come to their ends; then everything is closed.</summary>
    /// <param name="pool">The server.</param>
    /// <param name="trigger"><see cref="LifeTrigger.Stop"/> or <see cref="LifeTrigger.Quarantine"/>.</param>
    /// <param name="reason">Why, for people; no secrets.</param>
    /// <param name="grace">How long open calls are waited for.</param>
    public static async Task RunAsync(ServerPool pool, LifeTrigger trigger, string reason, TimeSpan grace)
    {
        var life = pool.State.Life;
        if (trigger == LifeTrigger.Quarantine)
        {
            life.Apply(trigger, pool.State.Generation, reason);
        }
        else if (!life.Apply(LifeTrigger.Drain, pool.State.Generation, reason))
        {
            life.Apply(trigger, pool.State.Generation, reason);
        }

        var slots = pool.Slots.ToList();
        await Task.WhenAny(Task.WhenAll(slots.Select(s => s.RetireAsync())), Task.Delay(grace, pool.Clock.Time)).ConfigureAwait(false);
        await Task.WhenAll(slots.Select(s => s.CloseAsync())).ConfigureAwait(false);
        life.Apply(trigger, pool.State.Generation, reason);
    }
}
