namespace Mimir.Router.State;

/// <summary>
/// Pauses between attempts at something that was lost: short ones for a while, since most of what is lost comes back at once, then
/// each twice as long as the one before. Not thread-safe.
/// </summary>
public sealed class Backoff
{
    private static readonly TimeSpan Brisk = TimeSpan.FromMilliseconds(250);
    private const long BriskMs = 10_000;
    private readonly MonotonicClock _clock;
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private TimeSpan _pause;
    private long _since;

    /// <summary>Creates one.</summary>
    /// <param name="clock">The _clock.</param>
    /// <param name="first">The first pause.</param>
    /// <param name="longest">The longest.</param>
    public Backoff(MonotonicClock clock, TimeSpan first, TimeSpan longest)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _first = first;
        _longest = longest;
        Reset();
    }

    /// <summary>Begins anew: it was there.</summary>
    public void Reset()
    {
        _pause = _first;
        _since = _clock.Now;
    }

    /// <summary>The next pause.</summary>
    public TimeSpan Next()
    {
        var pause = _pause;
        var bound = _clock.Now - _since < BriskMs && Brisk < _longest ? Brisk : _longest;
        _pause = pause * 2 < bound ? pause * 2 : bound;
        return pause;
    }

    /// <summary>Waits for the next pause.</summary>
    public Task PauseAsync(CancellationToken cancellationToken = default) => Task.Delay(Next(), _clock.Time, cancellationToken);
}
