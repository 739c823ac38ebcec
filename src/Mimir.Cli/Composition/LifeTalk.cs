using System.Collections.Concurrent;
using Mimir.Router.State;

namespace Mimir.Cli.Composition;

/// <summary>
/// Tells an operator what he should know of the lives of servers: that one is not well, once however often it is tried, and that
/// it is again. Thread-safe.
/// </summary>
/// <param name="log">Takes the sentences; may block.</param>
internal sealed class LifeTalk(Action<string> log)
{
    private readonly ConcurrentDictionary<string, UpstreamStatus> _unwell = new(StringComparer.Ordinal);

    /// <summary>A server went from one state to another.</summary>
    public void Tell(UpstreamTransition change)
    {
        var isBad = change.To is UpstreamStatus.Backoff or UpstreamStatus.Failed or UpstreamStatus.NeedsAuth or UpstreamStatus.Degraded or UpstreamStatus.Quarantined;
        var isNews = isBad
            ? _unwell.TryGetValue(change.Server, out var known) is var isKnown && (!isKnown || known != change.To)
            : change.To == UpstreamStatus.Ready && _unwell.TryRemove(change.Server, out _);
        if (isBad)
        {
            _unwell[change.Server] = change.To;
        }

        if (isNews)
        {
            // Whoever tells of transitions must not wait for who reads our stderr.
            ThreadPool.UnsafeQueueUserWorkItem(Say, change, preferLocal: false);
        }
    }

    private void Say(UpstreamTransition change) =>
        log($"server '{change.Server}' is {UpstreamLife.Word(change.To)}, was {UpstreamLife.Word(change.From)} (generation {change.Generation}): {change.Reason}");
}
