using System.Globalization;
using Mimir.Embed.Attributes;
using Mimir.Embed.Threads;

namespace Mimir.Embed.Calls;

/// <summary>Runs what a client asks for and is no tool: where it says, in a place of the host's, in its time.</summary>
internal static class BoundedRun
{
    /// <summary>Runs it.</summary>
    /// <param name="settings">What calls of the host have in common.</param>
    /// <param name="what">What it is, for errors: begins a sentence.</param>
    /// <param name="on">Where.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="work">What. Its token is set when the time is up, the client leaves or the host stops.</param>
    /// <param name="leaving">Set when the client leaves or cancels.</param>
    /// <exception cref="TimeoutException">It took longer. It has been told to end, and nobody waits for it any more.</exception>
    /// <exception cref="InvalidOperationException">Too much runs already, or the host stops.</exception>
    public static async Task<T> RunAsync<T>(CallSettings settings, string what, RunOn on, TimeSpan timeout, Func<CancellationToken, ValueTask<T>> work, CancellationToken leaving)
    {
        settings.Slots.Take();
        var stop = new CancellationTokenSource();
        Task<T>? running = null;
        try
        {
            var given = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var limit = new CancellationTokenSource(timeout);
            using var atLimit = limit.Token.Register(() => Cancel(stop, given));
            using var atEnd = settings.Stopping.Register(() => Cancel(stop, given));
            using var atLeave = leaving.Register(() => Cancel(stop, given));
            running = on switch
            {
                RunOn.Main => MainThreadCalls.RunAsync(settings.Main, () => work(stop.Token), settings.Stall, stop.Token),
                RunOn.Worker => Task.Run(() => work(stop.Token).AsTask(), stop.Token),
                _ => CallerAsync(work, stop.Token),
            };
            await Task.WhenAny(running, given.Task);
            if (running.IsCompleted && !(running.IsCanceled && stop.IsCancellationRequested)) return await running;
            leaving.ThrowIfCancellationRequested();
            if (settings.Stopping.IsCancellationRequested) throw new InvalidOperationException("The host is stopping.");
            throw new TimeoutException($"{what} has not ended within {timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s. It was told to end; whether it did is not known.");
        }
        finally
        {
            // What did not end in its time goes on, and has its place until it does.
            if (running is { IsCompleted: false }) _ = running.ContinueWith(late => End(late, settings, stop), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            else End(null, settings, stop);
        }
    }

    private static async Task<T> CallerAsync<T>(Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellation) => await work(cancellation);

    /// <summary>What ends when nobody waits for it any more has no one to tell how.</summary>
    private static void End(Task? late, CallSettings settings, CancellationTokenSource stop)
    {
        _ = late?.Exception;
        settings.Slots.Give();
        stop.Dispose();
    }

    private static void Cancel(CancellationTokenSource stop, TaskCompletionSource<bool> given)
    {
        try
        {
            stop.Cancel();
        }
        catch (AggregateException)
        {
            // What the app does when it is told to end is its own affair.
        }

        given.TrySetResult(true);
    }
}
