using System.Collections.Concurrent;

namespace Mimir.Supervisor.Families;

/// <summary>
/// Shares walks through the process table: whoever asks while one is under way gets the next one, which begins after he asked.
/// However many families end at once, one walk runs at a time and one waits.
/// </summary>
internal sealed class ProcessScanner(ProcessTable table)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, bool> _hunted = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;
    private Task<List<ProcessEntry>>? _next;

    /// <summary>The table; signals go through it.</summary>
    internal ProcessTable Table => table;

    /// <summary>Until the answer is disposed of, every walk ends whoever carries the mark in the moment it sees him.</summary>
    internal IDisposable Hunt(string mark)
    {
        _hunted[mark] = true;
        return new Hunted(this, mark);
    }

    /// <summary>A walk that begins from now on.</summary>
    internal Task<List<ProcessEntry>> ScanAsync()
    {
        lock (_gate)
            return _next ??= ScanAfterAsync(_running);
    }

    private async Task<List<ProcessEntry>> ScanAfterAsync(Task before)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _running = _next!;
            _next = null;
        }

        return table.Read([.. _hunted.Keys]);
    }

    private sealed class Hunted(ProcessScanner scanner, string mark) : IDisposable
    {
        public void Dispose() => scanner._hunted.TryRemove(mark, out _);
    }
}
