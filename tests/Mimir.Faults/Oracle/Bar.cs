using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mimir.Faults.Oracle;

/// <summary>
/// How much longer calls may take for a fault: a multiple of what the same calls took without, measured in the same cell, and the slack of
/// the run. A slow machine makes both longer.
/// </summary>
/// <param name="what">What is compared, in words.</param>
/// <param name="part">The percentile that is compared, 0 to 1.</param>
/// <param name="factor">The multiple.</param>
internal sealed class Bar(string what, double part, double factor)
{
    private readonly ConcurrentQueue<double> _with = new();
    private readonly ConcurrentQueue<double> _without = new();

    /// <summary>Makes a call and keeps how long it took, if it was answered.</summary>
    /// <param name="isWith">Whether the fault is at work.</param>
    /// <param name="call">The call.</param>
    public async Task TimeAsync(bool isWith, Func<Task<Ending>> call)
    {
        var began = Stopwatch.GetTimestamp();
        if (await call() == Ending.Ok) Add(isWith, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>Takes in how long a call took.</summary>
    public void Add(bool isWith, double ms) => (isWith ? _with : _without).Enqueue(ms);

    /// <summary>Compares, and tells the account.</summary>
    public void Judge(Account account, TimeSpan slack)
    {
        if (_with.IsEmpty || _without.IsEmpty)
        {
            account.Fault(Wrong.Slow, $"{what}: nothing to compare, {_with.Count} calls with and {_without.Count} without");
            return;
        }

        var with = Percentile.Of(_with, part);
        var without = Percentile.Of(_without, part);
        account.Note($"{what}: {with:0} ms, {without:0} ms without");
        if (with > (factor * without) + slack.TotalMilliseconds)
            account.Fault(Wrong.Slow, $"{what}: {with:0} ms, more than {factor:0.0} times {without:0} ms and {slack.TotalMilliseconds:0} ms");
    }
}
