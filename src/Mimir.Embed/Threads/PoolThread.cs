namespace Mimir.Embed.Threads;

/// <summary>Stands for a main thread where an app has none: work is run on the pool, one item at a time, so that what tools touch is touched by one of them at a time.</summary>
internal sealed class PoolThread : IMainThread
{
    private readonly MainThreadQueue _queue;
    private int _isRunning;

    /// <summary>With a place for as many items as a main thread has.</summary>
    public PoolThread() => _queue = new MainThreadQueue(MainThreadQueue.DefaultCapacity, Wake);

    /// <inheritdoc/>
    public bool IsCurrent => _queue.IsCurrent;

    /// <inheritdoc/>
    public bool TryPost(Action work) => _queue.TryPost(work);

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 0) ThreadPool.QueueUserWorkItem(static state => ((PoolThread)state!).Run(), this);
    }

    private void Run()
    {
        _queue.Pump(TimeSpan.MaxValue);

        // The mark has to be seen before the look: a plain write may come after it, and who posts in between would wake nobody.
        Interlocked.Exchange(ref _isRunning, 0);

        // What came between the last look and the mark would wait for the next that comes.
        if (_queue.Waiting > 0) Wake();
    }
}
