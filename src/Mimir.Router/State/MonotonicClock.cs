namespace Mimir.Router.State;

/// <summary>Milliseconds that never jump, from a <see cref="TimeProvider"/>. Thread-safe.</summary>
public sealed class MonotonicClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>The provider behind it, for timers.</summary>
    public TimeProvider Time => time;

    /// <summary>Milliseconds since this clock was made.</summary>
    public long Now => (long)time.GetElapsedTime(_start).TotalMilliseconds;
}
