namespace Mimir.Embed.Threads;

/// <summary>The thread on which an app's objects live. <see cref="MainThreadQueue"/> is pumped by the app's loop, <see cref="ContextThread"/> is a <see cref="SynchronizationContext"/> that is there already.</summary>
public interface IMainThread
{
    /// <summary>Whether the caller is on it.</summary>
    bool IsCurrent { get; }

    /// <summary>Queues work. It runs on that thread, in the order in which it was queued, and throws nothing.</summary>
    /// <param name="work">What to do.</param>
    /// <returns>False when the queue is full, or nobody will ever run it.</returns>
    bool TryPost(Action work);
}
