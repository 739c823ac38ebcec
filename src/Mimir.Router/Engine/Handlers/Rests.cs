using Mimir.Router.Catalog;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Calls to a server that asked to be left alone for a while.</summary>
internal static class Rests
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the rest is over, where nobody else can take the call.</summary>
    /// <param name="kept">The call.</param>
    /// <param name="engine">The router.</param>
    /// <param name="pool">The server.</param>
    /// <param name="choice">Who else can take it, or null.</param>
    /// <param name="until">When the time of the call is over, in milliseconds on the monotonic clock.</param>
    /// <returns>False when it is not to be sent: its client has left, or it was refused because the rest lasts longer than it may.</returns>
    public static async Task<bool> EndAsync(KeptRequest kept, RouterEngine engine, ServerPool pool, RouteChoice? choice, long until)
    {
        // Now and then it is looked whether another server has taken the place of the one that rests.
        while (choice is null or { Candidates.Length: 1 } && pool.Health.RestMs is > 0 and var rest && !kept.IsOver && !engine.IsDisposed && engine.Successor(pool) == pool)
        {
            if (engine.Clock.Now + rest >= until)
            {
                kept.Resume().Refuse(Refusals.Resting(pool, TimeSpan.FromMilliseconds(rest)));
                return false;
            }

            var pause = TimeSpan.FromMilliseconds(rest);
            await WaitingCalls.PauseAsync(kept, engine.Clock.Time, pause < Look ? pause : Look).ConfigureAwait(false);
        }

        return !kept.IsOver;
    }
}
