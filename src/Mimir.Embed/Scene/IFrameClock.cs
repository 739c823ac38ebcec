namespace Mimir.Embed.Scene;

/// <summary>The frames of an app, and the time that passes over them. <see cref="FrameClock"/> is one that the app's loop ticks.</summary>
public interface IFrameClock
{
    /// <summary>Seconds since some moment, at the machine's pace whatever the game's: it never goes back. Asked on the main thread.</summary>
    double Seconds { get; }

    /// <summary>Runs something in a later frame, on the main thread, once. It throws nothing.</summary>
    /// <param name="step">What to run.</param>
    /// <returns>False when nobody will ever run it, or too much waits.</returns>
    bool TryOnNextFrame(Action step);
}
