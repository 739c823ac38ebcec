namespace Mimir.Supervisor.Launching;

/// <summary>
/// Counts starts that are under way, so that whoever closes the door first waits until nobody stands in it: a child that is being
/// made is a child to be stopped.
/// </summary>
internal sealed class Departures
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _closed;

    /// <summary>Begins one; <see langword="false"/> when the door is closed.</summary>
    internal bool TryEnter()
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _count++;
            return true;
        }
    }

    /// <summary>Ends one.</summary>
    internal void Leave()
    {
        lock (_gate)
        {
            if (--_count == 0 && _closed)
                _empty.TrySetResult();
        }
    }

    /// <summary>Lets nobody begin any more; completes when the last one has ended.</summary>
    internal Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_count == 0)
                _empty.TrySetResult();
        }

        return _empty.Task;
    }
}
