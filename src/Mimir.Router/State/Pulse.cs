namespace Mimir.Router.State;

/// <summary>
/// Has a router look after what is open: often while something is, seldom while nothing is, for each look wakes a machine that may be
/// asleep otherwise. Thread-safe.
/// </summary>
public sealed class Pulse : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Action _look;
    private readonly Func<bool> _isBusy;
    private readonly ITimer _timer;
    private volatile bool _isSlow;
    private TimeSpan _pause = Often;

    /// <summary>Makes one; it does not look yet.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="look">Looks after what is open.</param>
    /// <param name="isBusy">Whether something is.</param>
    public Pulse(TimeProvider time, Action look, Func<bool> isBusy)
    {
        ArgumentNullException.ThrowIfNull(time);
        _look = look;
        _isBusy = isBusy;
        _timer = time.CreateTimer(static p => ((Pulse)p!).Beat(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How often it looks while something is open.</summary>
    public static TimeSpan Often { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often it looks while nothing is.</summary>
    public static TimeSpan Seldom { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Begins, often.</summary>
    public void Begin() => _timer.Change(Often, Often);

    /// <summary>Something has been opened. Costs next to nothing.</summary>
    public void Quicken()
    {
        if (!_isSlow)
        {
            return;
        }

        lock (_gate)
        {
            _isSlow = false;
            if (_pause != Often)
            {
                _pause = Often;
                _timer.Change(Often, Often);
            }
        }
    }

    /// <summary>Ends; completes when a look that is under way has ended.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Beat()
    {
        _look();

        // What is opened from here on finds it slow, and what was opened before is found here.
        _isSlow = true;
        var isBusy = _isBusy();
        lock (_gate)
        {
            if (isBusy)
            {
                _isSlow = false;
            }

            var pause = _isSlow ? Seldom : Often;
            if (pause != _pause)
            {
                _pause = pause;
                _timer.Change(pause, pause);
            }
        }
    }
}
