using System.Globalization;

namespace Mimir.Embed.Threads;

/// <summary>Runs work on a main thread and waits for it elsewhere.</summary>
internal static class MainThreadCalls
{
    private const int Waiting = 0, Begun = 1, Abandoned = 2;

    /// <summary>Ends in a later turn of the main thread: what awaits it on that thread lets a frame pass.</summary>
    /// <exception cref="InvalidOperationException">Too much waits for the main thread.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task NextFrameAsync(IMainThread main, CancellationToken cancellation)
    {
        var next = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!main.TryPost(() => next.TrySetResult(true))) throw new InvalidOperationException("Too many calls wait for the main thread. Try again later.");
        using var _ = cancellation.Register(() => next.TrySetCanceled(cancellation));
        await next.Task;
    }

    /// <summary>Runs asynchronous work there.</summary>
    /// <param name="main">Where.</param>
    /// <param name="work">What. It is begun on that thread, and what it awaits goes on there.</param>
    /// <param name="stall">How long it may wait to begin.</param>
    /// <param name="cancellation">Ends the waiting for the beginning; what has begun looks at it itself.</param>
    /// <exception cref="TimeoutException">Nobody ran the main thread for that long. The work will not be run.</exception>
    /// <exception cref="InvalidOperationException">Too much waits for the main thread already.</exception>
    public static async Task<T> RunAsync<T>(IMainThread main, Func<ValueTask<T>> work, TimeSpan stall, CancellationToken cancellation)
    {
        if (main.IsCurrent) return await work();
        var state = Waiting;
        var begun = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!main.TryPost(Begin)) throw new InvalidOperationException("Too many calls wait for the main thread. Try again later.");
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            limit.CancelAfter(stall);
            using var _ = limit.Token.Register(GiveUp);
            await begun.Task;
        }

        return await (await begun.Task);

        void Begin()
        {
            if (Interlocked.CompareExchange(ref state, Begun, Waiting) != Waiting) return;
            try
            {
                begun.TrySetResult(work().AsTask());
            }
            catch (Exception e)
            {
                begun.TrySetException(e);
            }
        }

        void GiveUp()
        {
            if (Interlocked.CompareExchange(ref state, Abandoned, Waiting) != Waiting) return;
            if (cancellation.IsCancellationRequested) begun.TrySetCanceled(cancellation);
            else begun.TrySetException(new TimeoutException($"The main thread has not run for {stall.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s: the app's loop stalls, or nothing pumps it."));
        }
    }
}
