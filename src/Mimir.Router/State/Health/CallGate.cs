namespace Mimir.Router.State.Health;

/// <summary>
/// Bounds the calls that a server has open, and those that wait in line for it. First come, first served. Thread-safe.
/// </summary>
/// <param name="mostOpen">Most calls open at a time; so many as come in the same moment may come in beyond it.</param>
/// <param name="mostWaiting">Most that wait for others to end; so many more may wait for the server itself as it may then have open.</param>
public sealed class CallGate(int mostOpen, int mostWaiting)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _line = new();
    private int _standing;
    private int _open;
    private int _granted;
    private int _waiting;

    /// <summary>Calls that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Calls that wait: in line, or for the server to be there.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>True when a call may go without waiting.</summary>
    public bool IsFree => Volatile.Read(ref _open) + Volatile.Read(ref _granted) < mostOpen;

    /// <summary>A call begins to wait.</summary>
    /// <returns>False when too many wait already.</returns>
    public bool TryWait()
    {
        // Those whose turn it is are among those that wait.
        var room = Math.Max(0, mostOpen - Volatile.Read(ref _open));
        if (Interlocked.Increment(ref _waiting) <= mostWaiting + room)
        {
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        return false;
    }

    /// <summary>It waits no more.</summary>
    public void EndWait() => Interlocked.Decrement(ref _waiting);

    /// <summary>Takes a turn if one is free and nobody stands in line for it. It is the caller's until <see cref="Settle"/>.</summary>
    public bool TryTurn()
    {
        lock (_gate)
        {
            if (!IsFree || _line.Count > 0)
            {
                return false;
            }

            _granted++;
            return true;
        }
    }

    /// <summary>Stands in line until a place is free. It is the caller's until <see cref="Settle"/>.</summary>
    /// <param name="timeout">Longest wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="left">Cancelled when nobody waits for the call any more.</param>
    /// <returns>False when the time is over, or nobody waits any more.</returns>
    public async Task<bool> StandAsync(TimeSpan timeout, TimeProvider time, CancellationToken left = default)
    {
        var turn = new LinkedListNode<TaskCompletionSource>(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _line.AddLast(turn);
            Volatile.Write(ref _standing, _line.Count);
        }

        // A place may have become free before anybody could see that somebody stands here.
        Look();
        try
        {
            await turn.Value.Task.WaitAsync(timeout, time, left).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (turn.List is null)
                {
                    // The turn came in this moment.
                    return true;
                }

                _line.Remove(turn);
                Volatile.Write(ref _standing, _line.Count);
                return false;
            }
        }
    }

    /// <summary>The place that was waited for is taken by an open call now, or not needed.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            _granted--;
            Advance();
        }
    }

    /// <summary>A call was opened.</summary>
    internal void Enter() => Interlocked.Increment(ref _open);

    /// <summary>A call has ended.</summary>
    internal void Leave()
    {
        Interlocked.Decrement(ref _open);
        Look();
    }

    private void Look()
    {
        if (Volatile.Read(ref _standing) > 0)
        {
            lock (_gate)
            {
                Advance();
            }
        }
    }

    private void Advance()
    {
        while (IsFree && _line.First is { } next)
        {
            _line.RemoveFirst();
            Volatile.Write(ref _standing, _line.Count);
            _granted++;
            next.Value.TrySetResult();
        }
    }
}
