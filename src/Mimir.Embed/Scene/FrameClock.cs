namespace Mimir.Embed.Scene;

/// <summary>Frames that an app's loop ticks: <c>clock.Tick(delta)</c>, once each, on the main thread. Steps run in the tick.</summary>
public sealed class FrameClock : IFrameClock
{
    private const int MostWaiting = 100_000;
    private readonly object _gate = new();
    private List<Action> _next = [];
    private List<Action> _now = [];

    /// <inheritdoc/>
    public double Seconds { get; private set; }

    /// <summary>Steps that wait for the next frame.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _next.Count;
        }
    }

    /// <inheritdoc/>
    public bool TryOnNextFrame(Action step)
    {
        lock (_gate)
        {
            if (_next.Count >= MostWaiting) return false;
            _next.Add(step);
            return true;
        }
    }

    /// <summary>One frame. What steps put off is left for the next one.</summary>
    /// <param name="deltaSeconds">Seconds since the last frame; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or no number.</exception>
    public void Tick(double deltaSeconds)
    {
        if (!(deltaSeconds >= 0) || double.IsInfinity(deltaSeconds)) throw new ArgumentOutOfRangeException(nameof(deltaSeconds), deltaSeconds, "Give the seconds since the last frame, 0 or more.");
        Seconds += deltaSeconds;
        lock (_gate) (_now, _next) = (_next, _now);
        try
        {
            foreach (var step in _now) step();
        }
        finally
        {
            // A step that fails takes those after it along, and none of them runs again.
            _now.Clear();
        }
    }
}
