using System.Runtime.CompilerServices;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>
/// Counts starts of a server's processes that came to nothing, each connection slot's for itself, for what ends several processes at
/// once is one misfortune. As many of them as may be within a minute, and no more are made for any slot for a while: 30 s after the
/// first time, then a minute, until one stands. Thread-safe.
/// </summary>
/// <param name="most">As many are too many.</param>
/// <param name="clock">The monotonic clock.</param>
internal sealed class StartLedger(int most, MonotonicClock clock)
{
    /// <summary>The pause after the first time, in milliseconds.</summary>
    public const long FirstPauseMs = 30_000;

    /// <summary>The longest pause, in milliseconds.</summary>
    public const long LongestPauseMs = 60_000;

    private const long WindowMs = 60_000;
    private const long StoodMs = 60_000;
    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<object, Queue<long>> _bad = [];
    private long _barredUntil;
    private long _pauseMs = FirstPauseMs;

    /// <summary>How long no start is made from now on, in milliseconds.</summary>
    public long BarredForMs => Math.Max(0, Interlocked.Read(ref _barredUntil) - clock.Now);

    /// <summary>A start failed, or what was started ended by itself.</summary>
    /// <param name="slot">For whom it was started.</param>
    /// <param name="stoodMs">How long it stood.</param>
    /// <returns>True when that was one too many.</returns>
    public bool Failed(object slot, long stoodMs = 0)
    {
        lock (_gate)
        {
            var now = clock.Now;
            var bad = _bad.GetOrCreateValue(slot);
            if (stoodMs >= StoodMs)
            {
                // What has stood for so long is no loop, and neither is what comes after it.
                bad.Clear();
                _pauseMs = FirstPauseMs;
            }

            while (bad.TryPeek(out var oldest) && now - oldest >= WindowMs)
            {
                bad.Dequeue();
            }

            if (bad.Count < most)
            {
                bad.Enqueue(now);
            }

            // One that failed when it was tried again now and then is still failed.
            var isLoop = bad.Count >= most || (_barredUntil > 0 && now - _barredUntil is >= 0 and < WindowMs && stoodMs < StoodMs);
            if (isLoop)
            {
                Bar(now);
            }

            return isLoop;
        }
    }

    /// <summary>It cannot be started at all as things are.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            Bar(clock.Now);
        }
    }

    /// <summary>The operator wants it started now.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _bad.Clear();
            _barredUntil = 0;
            _pauseMs = FirstPauseMs;
        }
    }

    private void Bar(long now)
    {
        Interlocked.Exchange(ref _barredUntil, now + _pauseMs);
        _pauseMs = Math.Min(_pauseMs * 2, LongestPauseMs);
    }
}
