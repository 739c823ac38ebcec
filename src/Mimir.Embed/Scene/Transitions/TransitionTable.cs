namespace Mimir.Embed.Scene.Transitions;

/// <summary>The transitions that run: one for each node and kind.</summary>
internal sealed class TransitionTable
{
    private readonly object _gate = new();
    private readonly Dictionary<(string Node, TransformKind Kind), Transition> _running = [];

    /// <summary>How many run.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _running.Count;
        }
    }

    /// <summary>Ends the one that runs for a node and kind, if one does.</summary>
    public void Replace(string node, TransformKind kind)
    {
        Transition? old;
        lock (_gate) _running.Remove((node, kind), out old);
        old?.Replace();
    }

    /// <summary>Adds one, in place of any that runs.</summary>
    /// <param name="node">The node's id.</param>
    /// <param name="transition">The transition.</param>
    public void Add(string node, Transition transition)
    {
        var key = (node, transition.Kind);
        Replace(node, transition.Kind);
        lock (_gate) _running[key] = transition;
        _ = transition.Ended.ContinueWith(
            _ =>
            {
                lock (_gate)
                {
                    if (_running.TryGetValue(key, out var now) && now == transition) _running.Remove(key);
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
