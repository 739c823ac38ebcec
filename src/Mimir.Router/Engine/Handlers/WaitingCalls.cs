using Mimir.Router.State.Health;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Calls that wait: for their turn, or for what a server lists before it is known whose they are.</summary>
internal static class WaitingCalls
{
    /// <summary>Stands in line, as long as the call may take and somebody waits for it.</summary>
    /// <returns>Whether its turn has come: then it has to be settled.</returns>
    public static async Task<bool> StandAsync(KeptRequest kept, RouterEngine engine, CallGate gate, long until)
    {
        if (gate.TryTurn())
        {
            return true;
        }

        // Not disposed of: whoever withdraws the request may be about to cancel it, and it holds nothing.
        var left = new CancellationTokenSource();
        kept.Exchange.WhenWithdrawn(kept.Generation, left.Cancel);
        try
        {
            return await gate.StandAsync(TimeSpan.FromMilliseconds(Math.Max(1, until - engine.Clock.Now)), engine.Clock.Time, left.Token).ConfigureAwait(false);
        }
        finally
        {
            kept.Exchange.WhenWithdrawn(kept.Generation, null);
        }
    }

    /// <summary>Waits, as one of those that may wait for the server, and not beyond the time of the call.</summary>
    /// <param name="kept">The call.</param>
    /// <param name="engine">The router.</param>
    /// <param name="pool">The server, or null when none is known.</param>
    /// <param name="wait">What is waited for.</param>
    /// <returns>What came of it; null when the call was refused.</returns>
    public static async Task<T?> TryAsync<T>(KeptRequest kept, RouterEngine engine, ServerPool? pool, Func<Task<T>> wait)
        where T : class
    {
        if (pool is null)
        {
            return await wait().ConfigureAwait(false);
        }

        if (!pool.Health.Gate.TryWait())
        {
            kept.Resume().Refuse(Refusals.Full(pool));
            return null;
        }

        try
        {
            return await wait().WaitAsync(TimeSpan.FromMilliseconds(Math.Max(1, kept.Exchange.Deadline - engine.Clock.Now)), engine.Clock.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            kept.Resume().Refuse(Refusals.Late(pool));
            return null;
        }
        finally
        {
            pool.Health.Gate.EndWait();
        }
    }
}
