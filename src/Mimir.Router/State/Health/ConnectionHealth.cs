namespace Mimir.Router.State.Health;

/// <summary>
/// What came of asking over one connection whether the server is well. Where clients have processes of their own, one that hangs says
/// nothing of the others. Thread-safe.
/// </summary>
public sealed class ConnectionHealth
{
    private int _failures;
    private long _askedAt;

    /// <summary>Questions in a row without a good answer.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>When it was last asked, in milliseconds on the monotonic clock; 0 when it never was.</summary>
    public long AskedAt
    {
        get => Volatile.Read(ref _askedAt);
        set => Volatile.Write(ref _askedAt, value);
    }

    /// <summary>It was asked.</summary>
    /// <param name="isGood">True for a good answer.</param>
    /// <returns>Questions in a row without one.</returns>
    public int Checked(bool isGood)
    {
        if (isGood)
        {
            Volatile.Write(ref _failures, 0);
            return 0;
        }

        return Interlocked.Increment(ref _failures);
    }
}
