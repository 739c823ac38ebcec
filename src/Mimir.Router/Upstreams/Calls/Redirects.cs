namespace Mimir.Router.Upstreams.Calls;

/// <summary>
/// What is reported on a call that has ended belongs to another one: a task goes on after the call that made it was answered, and still
/// reports on that. Thread-safe.
/// </summary>
public sealed class Redirects
{
    private readonly Lock _gate = new();
    private Dictionary<long, long>? _targets;

    /// <summary>What is reported on one belongs to another from now on.</summary>
    /// <param name="ended">The id of the call that has ended.</param>
    /// <param name="open">The id of the other one.</param>
    public void Add(long ended, long open)
    {
        lock (_gate)
        {
            (_targets ??= [])[ended] = open;
        }
    }

    /// <summary>Takes that back. Harmless when there is nothing to take back.</summary>
    public void Remove(long ended)
    {
        lock (_gate)
        {
            _targets?.Remove(ended);
        }
    }

    /// <summary>The id of the call that a report on another one belongs to: itself, unless it was redirected.</summary>
    public long TargetOf(long reported)
    {
        lock (_gate)
        {
            return _targets is not null && _targets.TryGetValue(reported, out var open) ? open : reported;
        }
    }
}
