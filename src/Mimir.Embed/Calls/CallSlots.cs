namespace Mimir.Embed.Calls;

/// <summary>Room for so many calls at a time; one more is refused at once.</summary>
/// <param name="most">How many.</param>
internal sealed class CallSlots(int most)
{
    private int _used;

    /// <summary>Calls that run.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>Takes a place.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void Take()
    {
        if (Interlocked.Increment(ref _used) <= most) return;
        Interlocked.Decrement(ref _used);
        throw new InvalidOperationException($"{most} calls run already. Try again later.");
    }

    /// <summary>Takes one again that was given up for a while: there may be more calls than places then.</summary>
    public void TakeBack() => Interlocked.Increment(ref _used);

    /// <summary>Gives it back.</summary>
    public void Give() => Interlocked.Decrement(ref _used);
}
