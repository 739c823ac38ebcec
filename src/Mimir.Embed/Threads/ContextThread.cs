namespace Mimir.Embed.Threads;

/// <summary>A main thread that has a <see cref="SynchronizationContext"/> of its own, as those of Unity, WinForms, WPF and Avalonia have.</summary>
/// <param name="context">The context: <see cref="SynchronizationContext.Current"/> on that thread.</param>
public sealed class ContextThread(SynchronizationContext context) : IMainThread
{
    /// <inheritdoc/>
    public bool IsCurrent => SynchronizationContext.Current == context;

    /// <summary>The one of the thread that calls this.</summary>
    /// <exception cref="InvalidOperationException">That thread has none.</exception>
    public static ContextThread OfThisThread() =>
        new(SynchronizationContext.Current ?? throw new InvalidOperationException("This thread has no SynchronizationContext. Call it on the main thread, or use a MainThreadQueue and pump it."));

    /// <inheritdoc/>
    public bool TryPost(Action work)
    {
        context.Post(static state => ((Action)state!)(), work);
        return true;
    }
}
