namespace Mimir.Router.State;

/// <summary>What came from a server that was of no use, over all its connections so far. Thread-safe.</summary>
public sealed class WireCounts
{
    private long _garbage;
    private long _strays;

    /// <summary>Lines and events that are no messages: skipped.</summary>
    public long Garbage => Interlocked.Read(ref _garbage);

    /// <summary>Messages that belong to nobody (any more): dropped.</summary>
    public long Strays => Interlocked.Read(ref _strays);

    /// <summary>Counts something that is no message.</summary>
    public void AddGarbage() => Interlocked.Increment(ref _garbage);

    /// <summary>Counts a message that belongs to nobody.</summary>
    public void AddStray() => Interlocked.Increment(ref _strays);
}
