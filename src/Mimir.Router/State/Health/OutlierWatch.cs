namespace Mimir.Router.State.Health;

/// <summary>
/// Sets a server aside for a while of whose calls too many fail, although it answers some: at least <see cref="LeastFailures"/>, and
/// half of those that ended within the last ten to twenty seconds. Each time it is for longer, until it has been well for a while.
/// Thread-safe.
/// </summary>
/// <param name="clock">The clock.</param>
public sealed class OutlierWatch(MonotonicClock clock)
{
    /// <summary>Fewest failures that count.</summary>
    public const int LeastFailures = 5;

    /// <summary>How long it is set aside the first time, in milliseconds.</summary>
    public const long FirstMs = 30_000;

    /// <summary>The longest.</summary>
    public const long LongestMs = 300_000;

    private const long WindowMs = 10_000;
    private readonly Lock _gate = new();
    private Tally _now;
    private Tally _before;
    private int _times;
    private long _until;

    /// <summary>How long it is set aside yet, in milliseconds; 0 when it is not.</summary>
    public long AsideForMs => Volatile.Read(ref _until) is > 0 and var until ? Math.Max(0, until - clock.Now) : 0;

    /// <summary>A call has ended.</summary>
    public void Ended(bool failed)
    {
        lock (_gate)
        {
            var now = clock.Now;
            if (now - _now.Since >= WindowMs)
            {
                _before = now - _now.Since < 2 * WindowMs ? _now : default;
                _now = new Tally { Since = now };
            }

            if (!failed)
            {
                _now.Good++;
                return;
            }

            _now.Bad++;
            var bad = _now.Bad + _before.Bad;
            if (now < _until || bad < LeastFailures || bad < _now.Good + _before.Good)
            {
                return;
            }

            _times = now - _until > LongestMs ? 1 : _times + 1;
            Volatile.Write(ref _until, now + Math.Min(LongestMs, FirstMs * _times));
            (_now, _before) = (new Tally { Since = now }, default);
        }
    }

    private struct Tally
    {
        public long Since;
        public int Good;
        public int Bad;
    }
}
