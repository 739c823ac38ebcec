namespace Mimir.Supervisor.Logs;

/// <summary>
/// The logs of one running Mimir, a file for each server, and the one who writes them: at most every 100 ms, which with what may wait
/// bounds a flood to 640 KiB a second and server. Thread-safe.
/// </summary>
/// <param name="folder">Where they are.</param>
/// <param name="clock">Tells when a line came, and measures.</param>
/// <param name="log">Takes a sentence when they cannot be written.</param>
internal sealed class LogBook(string folder, TimeProvider clock, Action<string> log) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100), FarewellTime = TimeSpan.FromSeconds(2), Silence = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServerLog> _logs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly CancellationTokenSource _end = new();
    private Task _writing = Task.CompletedTask;
    private readonly HashSet<ServerLog> _failing = [];
    private bool _complained;
    private long _complainedAt;

    /// <summary>Takes down what one process of a server writes.</summary>
    internal LogScribe Open(string server, int processId)
    {
        lock (_gate)
        {
            if (!_logs.TryGetValue(server, out var found))
                _logs[server] = found = new ServerLog(Path.Combine(folder, LogFiles.FolderName(server)), clock, Wake);
            if (_logs.Count == 1 && _writing.IsCompleted)
                _writing = Task.Run(WriteAsync);
            return new LogScribe(found, processId);
        }
    }

    /// <summary>Writes what is left, unless the disk takes longer than 2 s, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _writing.WaitAsync(FarewellTime, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Wake()
    {
        lock (_work)
        {
            if (_work.CurrentCount == 0)
                _work.Release();
        }
    }

    private async Task WriteAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await _work.WaitAsync(_end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            FlushAll();
            await Task.Delay(Pause, clock, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        FlushAll();
        foreach (var one in All())
            one.Close();
    }

    /// <summary>Says that something cannot be written, at most once a minute, and that all can be again.</summary>
    private void FlushAll()
    {
        foreach (var one in All())
        {
            try
            {
                if (one.Flush())
                    _failing.Remove(one);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _failing.Add(one);
                if (!_complained && (_complainedAt == 0 || clock.GetElapsedTime(_complainedAt) >= Silence))
                {
                    _complained = true;
                    _complainedAt = clock.GetTimestamp();
                    log($"What servers write to stderr cannot be kept in {folder}: {e.Message}");
                }
            }
        }

        if (_complained && _failing.Count == 0)
        {
            _complained = false;
            log($"What servers write to stderr is kept in {folder} again; what came in between is lost.");
        }
    }

    private ServerLog[] All()
    {
        lock (_gate)
            return [.. _logs.Values];
    }
}
