using System.Globalization;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>
/// The end of serving: calls that are open are given a while to come to their ends, a person who waits is told for what, and whoever
/// is left after it is told that the router stops.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="say">Takes a sentence for whoever stops us, or null.</param>
/// <param name="now">Ends the waiting; ignored when it is cancelled from the start, as when it is what stops us.</param>
public sealed class Farewell(TimeProvider time, Action<string>? say = null, CancellationToken now = default)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>How long open calls are waited for.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(5);

    /// <summary>What callers are answered whose calls are not waited for any longer. They may have run.</summary>
    public static RouterError Stopping { get; } =
        new(ErrorCodes.ServerLost, "Mimir is stopping. The call was given up before its server answered, and may have run.");

    /// <summary>Waits until nothing is open any more, <see cref="Grace"/> at most.</summary>
    /// <param name="open">How many calls are open now.</param>
    /// <returns>True when nothing is left.</returns>
    public async Task<bool> WaitAsync(Func<int> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        var again = now.IsCancellationRequested;
        var since = time.GetTimestamp();
        var said = false;
        while (open() is > 0 and var count)
        {
            var waited = time.GetElapsedTime(since);
            if (waited >= Grace || (!again && now.IsCancellationRequested))
            {
                say?.Invoke($"gave up {Calls(count)}");
                return false;
            }

            if (!said && waited >= Quiet)
            {
                said = true;
                say?.Invoke(string.Create(
                    CultureInfo.InvariantCulture, $"waiting for {Calls(count)}, {Grace.TotalSeconds:0} s at most; Ctrl-C{(again ? " again" : "")} ends it now"));
            }

            await Task.Delay(Look, time, CancellationToken.None).ConfigureAwait(false);
        }

        return true;
    }

    private static string Calls(int count) => count == 1 ? "1 open call" : string.Create(CultureInfo.InvariantCulture, $"{count} open calls");
}
