using System.Diagnostics;
using Mimir.Embed.Threads;

namespace Mimir.Embed.Scene.Transitions;

/// <summary>Frames for a scene that tells none: turns of the main thread, by the machine's time.</summary>
/// <param name="main">The main thread.</param>
internal sealed class MainThreadClock(IMainThread main) : IFrameClock
{
    /// <summary>A turn that comes sooner is none of a loop that draws: such a thread runs what it is given at once, and would do nothing else.</summary>
    private const double LeastFrame = 0.004;

    private const int MostTries = 1000;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(8);

    /// <inheritdoc/>
    public double Seconds => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    /// <inheritdoc/>
    public bool TryOnNextFrame(Action step)
    {
        var posted = Seconds;
        return main.TryPost(() =>
        {
            if (Seconds - posted >= LeastFrame) step();
            else _ = LaterAsync(step);
        });
    }

    private async Task LaterAsync(Action step)
    {
        for (var i = 0; i < MostTries; i++)
        {
            await Task.Delay(s_pause).ConfigureAwait(false);
            if (main.TryPost(step)) return;
        }
    }
}
