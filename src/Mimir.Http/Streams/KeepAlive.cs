using System.Collections.Concurrent;

namespace Mimir.Http.Streams;

/// <summary>One timer for all open streams.</summary>
internal sealed class KeepAlive : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<Beat, bool> _beats = new();
    private readonly ITimer _timer;

    public KeepAlive(TimeProvider time) => _timer = time.CreateTimer(static s => ((KeepAlive)s!).Tick(), this, Period, Period);

    public Beat Join(Signal signal)
    {
        var beat = new Beat(this, signal);
        _beats[beat] = true;
        return beat;
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        foreach (var beat in _beats.Keys)
        {
            beat.Tick();
        }
    }

    /// <summary>One stream's share of the timer.</summary>
    internal sealed class Beat(KeepAlive owner, Signal signal) : IDisposable
    {
        private int _due;

        /// <summary>True once after each period.</summary>
        public bool IsDue() => Interlocked.Exchange(ref _due, 0) != 0;

        public void Tick()
        {
            Volatile.Write(ref _due, 1);
            signal.Set();
        }

        public void Dispose() => owner._beats.TryRemove(this, out _);
    }
}
