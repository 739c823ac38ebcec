using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Mimir.Embed.Calls;

/// <summary>Calls that wait for what a user says, by the state that the client hands back with it: 128 random bits, good once.</summary>
/// <param name="most">Most of them; beyond it a question is refused.</param>
/// <param name="patience">How long one waits; then it is cancelled.</param>
internal sealed class ParkedCalls(int most, TimeSpan patience)
{
    private readonly ConcurrentDictionary<string, (CallRun Run, CancellationTokenSource Limit)> _parked = new(StringComparer.Ordinal);

    /// <summary>How many wait.</summary>
    public int Count => _parked.Count;

    /// <summary>Parks a call.</summary>
    /// <returns>The state; null when too many wait.</returns>
    public string? Park(CallRun run)
    {
        if (_parked.Count >= most) return null;
        var bytes = new byte[16];
        RandomNumberGenerator.Fill(bytes);
        var state = BitConverter.ToString(bytes).Replace("-", "", StringComparison.Ordinal);
        var limit = new CancellationTokenSource(patience);
        _parked[state] = (run, limit);
        limit.Token.Register(() =>
        {
            if (!_parked.TryRemove(state, out var late)) return;
            late.Run.Cancel();
            late.Run.Dispose();
        });
        return state;
    }

    /// <summary>Takes one back.</summary>
    /// <param name="state">What the client handed back.</param>
    /// <param name="what">What it calls.</param>
    /// <returns>The call; null when there is none, or it is one of something else.</returns>
    public CallRun? Take(string state, string what)
    {
        if (!_parked.TryGetValue(state, out var found) || found.Run.What != what || !_parked.TryRemove(state, out found)) return null;
        found.Limit.Dispose();
        return found.Run;
    }

    /// <summary>Ends all of them.</summary>
    public void Clear()
    {
        foreach (var state in _parked.Keys)
        {
            if (!_parked.TryRemove(state, out var found)) continue;
            found.Limit.Dispose();
            found.Run.Cancel();
            found.Run.Dispose();
        }
    }
}
