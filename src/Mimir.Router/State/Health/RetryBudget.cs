namespace Mimir.Router.State.Health;

/// <summary>
/// Bounds what is sent again to a server, so that it never becomes the load: a fifth of the calls that were answered, ten a second
/// besides, and <see cref="Most"/> at once. Thread-safe.
/// </summary>
/// <param name="clock">The clock.</param>
public sealed class RetryBudget(MonotonicClock clock)
{
    /// <summary>Most at once, and what there is at the beginning.</summary>
    public const int Most = 256;

    private const int Whole = 100;
    private const int Share = 20;
    private readonly Lock _gate = new();
    private long _left = Most * Whole;
    private long _last = clock.Now;

    /// <summary>A call was answered.</summary>
    public void Add()
    {
        if (Volatile.Read(ref _left) < Most * Whole)
        {
            Interlocked.Add(ref _left, Share);
        }
    }

    /// <summary>Takes one.</summary>
    /// <returns>False when none is left.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            var now = clock.Now;
            // Ten a second: a whole one each hundred milliseconds.
            var left = Math.Min(Most * Whole, Interlocked.Add(ref _left, now - _last));
            _last = now;
            if (left < Whole)
            {
                return false;
            }

            Interlocked.Exchange(ref _left, left - Whole);
            return true;
        }
    }
}
