using System.Diagnostics;

namespace Orrery;

/// <summary>Lets frames pass evenly.</summary>
/// <param name="framesPerSecond">How many in a second.</param>
/// <param name="end">What ends a wait early.</param>
internal sealed class Pace(double framesPerSecond, WaitHandle end)
{
    private readonly TimeSpan _frame = TimeSpan.FromSeconds(1 / framesPerSecond);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _last;
    private TimeSpan _next;

    /// <summary>Waits for the next frame.</summary>
    /// <returns>The seconds since the last one.</returns>
    public double Next()
    {
        if (_next - _clock.Elapsed is { Ticks: > 0 } rest) end.WaitOne(rest);
        var now = _clock.Elapsed;
        var seconds = (now - _last).TotalSeconds;

        // Frames that were missed stay missed: running after them would only take more time.
        (_last, _next) = (now, _next + _frame < now ? now : _next + _frame);
        return seconds;
    }
}
