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

        var left = TimeSpan.FromMilliseconds(Math.Max(1, until - engine.Clock.Now));
        return await WhileWantedAsync(kept, gone => gate.StandAsync(left, engine.Clock.Time, gone)).ConfigureAwait(false);
    }

    /// <summary>Waits on behalf of a call for what notices by itself that nobody waits for the call any more. A call waits for one thing at a time.</summary>
    /// <param name="kept">The call.</param>
    /// <param name="wait">What is waited for; its token is cancelled when the client leaves.</param>
    public static async Task<T> WhileWantedAsync<T>(KeptRequest kept, Func<CancellationToken, Task<T>> wait)
    {
        // Not disposed of: whoever withdraws the request may be about to cancel it, and it holds nothing.
        var gone = new CancellationTokenSource();
        kept.Exchange.WhenWithdrawn(kept.Generation, gone.Cancel);
        try
        {
            return await wait(gone.Token).ConfigureAwait(false);
        }
        finally
        {
            kept.Exchange.WhenWithdrawn(kept.Generation, null);
        }
    }

    /// <summary>Waits on behalf of a call for what goes on without it.</summary>
    /// <param name="kept">The call.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limit">Longest wait.</param>
    /// <param name="wait">What is waited for; not begun when nobody waits for the call any more.</param>
    /// <exception cref="TimeoutException">It took longer.</exception>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public static Task<T> WaitAsync<T>(KeptRequest kept, TimeProvider time, TimeSpan limit, Func<CancellationToken, Task<T>> wait) => WhileWantedAsync(kept, gone =>
    {
        gone.ThrowIfCancellationRequested();
        return wait(gone).WaitAsync(limit, time, gone);
    });

    /// <summary>Pauses, as long as somebody waits for the call.</summary>
    public static async Task PauseAsync(KeptRequest kept, TimeProvider time, TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            await WhileWantedAsync(kept, async gone =>
            {
                await Task.Delay(pause, time, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            }).ConfigureAwait(false);
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
            var left = Math.Max(1, kept.DueBy(pool) - engine.Clock.Now);
            return await WaitAsync(kept, engine.Clock.Time, TimeSpan.FromMilliseconds(left), _ => wait()).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            kept.Resume().Refuse(Refusals.Late(pool));
            return null;
        }
        catch (OperationCanceledException) when (kept.IsOver)
        {
            return null;
        }
        finally
        {
            pool.Health.Gate.EndWait();
        }
    }
}
