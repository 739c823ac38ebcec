namespace Mimir.Embed.Http;

/// <summary>Room for so many at a time.</summary>
/// <param name="most">How many.</param>
internal sealed class Count(int most)
{
    private int _used;

    /// <summary>How many there are.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>Takes a place.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _used) <= most) return true;
        Interlocked.Decrement(ref _used);
        return false;
    }

    /// <summary>Gives it back.</summary>
    /// <returns>How many are left.</returns>
    public int Give() => Interlocked.Decrement(ref _used);
}
