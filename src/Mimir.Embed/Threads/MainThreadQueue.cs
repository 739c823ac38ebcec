using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mimir.Embed.Threads;

/// <summary>
/// A queue of work that an app's loop runs on its own thread, once per frame: <c>queue.Pump(TimeSpan.FromMilliseconds(2))</c>. What is
/// awaited in that work goes on in a later pump, on the same thread.
/// </summary>
/// <param name="capacity">Most items that wait; more are refused at once. Default 10,000.</param>
public sealed class MainThreadQueue(int capacity = MainThreadQueue.DefaultCapacity) : IMainThread
{
    private readonly Action? _posted;

    /// <summary>Most items that wait when nothing else is said.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly ConcurrentQueue<Action> _work = new();
    private int _waiting;
    private int _thread;

    internal MainThreadQueue(int capacity, Action posted)
        : this(capacity) => _posted = posted;

    /// <summary>Items that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <inheritdoc/>
    public bool IsCurrent => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <inheritdoc/>
    public bool TryPost(Action work)
    {
        if (Interlocked.Increment(ref _waiting) > capacity)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        Add(work);
        return true;
    }

    /// <summary>
    /// Runs what waits, on the thread that calls this, until nothing waits or the budget is used up; the item that uses it up is run to
    /// its end. What an item queues itself is left for the next pump.
    /// </summary>
    /// <param name="budget">Time for it. At least one item is run, however little it is.</param>
    /// <returns>How many items were run.</returns>
    public int Pump(TimeSpan budget)
    {
        var outer = SynchronizationContext.Current;
        var outerThread = _thread;
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        SynchronizationContext.SetSynchronizationContext(new Resumption(this));
        try
        {
            // As a difference of a number without bounds: the longest time there is would be beyond the last moment.
            var begun = Stopwatch.GetTimestamp();
            var ticks = budget.TotalSeconds * Stopwatch.Frequency;
            var ran = 0;
            for (var most = Waiting; ran < most && _work.TryDequeue(out var work); ran++)
            {
                Interlocked.Decrement(ref _waiting);
                work();
                if (Stopwatch.GetTimestamp() - begun >= ticks)
                {
                    return ran + 1;
                }
            }

            return ran;
        }
        finally
        {
            Volatile.Write(ref _thread, outerThread);
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void Add(Action work)
    {
        _work.Enqueue(work);
        _posted?.Invoke();
    }

    /// <summary>Where awaited work goes on. It is never refused: a call that has begun has its place.</summary>
    private sealed class Resumption(MainThreadQueue queue) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref queue._waiting);
            queue.Add(() => d(state));
        }

        public override void Send(SendOrPostCallback d, object? state)
        {
            if (!queue.IsCurrent)
            {
                throw new NotSupportedException("Waiting for the main thread from another one leads to deadlocks: await instead.");
            }

            d(state);
        }

        public override SynchronizationContext CreateCopy() => this;
    }
}
