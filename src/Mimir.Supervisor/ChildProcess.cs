using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Guarding;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Limits;
using Mimir.Supervisor.Logs;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor;

/// <summary>
/// A child from its start to the last of its family. Once the process itself has exited its descendants are ended without being
/// asked: a server whose process is gone is gone. It stays a zombie until then, which keeps its number, and so its group's, its own.
/// </summary>
internal sealed class ChildProcess : IChildProcess
{
    /// <summary>How long a descendant may still finish what the process left it to write, after the process itself has exited.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _hurry = new();
    private readonly StandardErrorRing _ring = new();
    private readonly string _name;
    private readonly string _mark;
    private readonly ChildLine _line;
    private readonly Family _family;
    private readonly ProcessHost _host;
    private readonly TimeProvider _clock;
    private readonly Action<string> _log;
    private ChildMonitor? _monitor;
    private Guard? _guard;
    private Instance? _instance;
    private LogScribe? _scribe;
    private Confinement? _confinement;
    private WatchedProcess? _watched;
    private Task? _stop;

    internal ChildProcess(
        string name, int processId, string mark, ChildLine line, ProcessHost host, ProcessScanner scanner, TimeProvider clock, Action<string> log)
    {
        _name = name;
        _mark = mark;
        ProcessId = processId;
        _line = line;
        _host = host;
        _clock = clock;
        _log = log;
        _family = new Family(processId, mark, scanner, _exited.Task);
    }

    /// <inheritdoc/>
    public int ProcessId { get; }

    /// <summary>What it and what comes of it carry in their environments.</summary>
    internal string Mark => _mark;

    /// <inheritdoc/>
    public IByteLine Line => _line;

    /// <inheritdoc/>
    public Task<ChildExit> Exited => _exited.Task;

    /// <inheritdoc/>
    public IReadOnlyList<string> StandardErrorTail => _ring.Tail();

    /// <inheritdoc/>
    public Task StopAsync(bool immediately = false)
    {
        if (immediately)
            _hurry.Cancel();
        lock (_gate)
            return _stop ??= Task.Run(StopCoreAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _line.Dispose();
    }

    /// <summary>Hands the process to the monitor.</summary>
    internal void Watch(ChildMonitor monitor, Guard guard, Instance? instance, LogScribe? scribe, Confinement? confinement, Descriptor standardError, SecretMask? mask)
    {
        (_instance, _scribe, _confinement) = (instance, scribe, confinement);
        _monitor = monitor;
        _guard = guard;
        scribe?.Note("started");
        _watched = new WatchedProcess(ProcessId, standardError, _ring, scribe, OnExit, mask);
        monitor.Add(_watched);
    }

    private void OnExit(ChildExit exit)
    {
        exit = _confinement?.Explain(exit) ?? exit;
        _scribe?.Note(exit.ToString());
        _exited.TrySetResult(exit);
        _ = EndLineAsync();
        _ = StopAsync();
    }

    private async Task EndLineAsync()
    {
        await Task.Delay(LastWords, _clock);
        _line.EndWhenDrained();
    }

    private async Task StopCoreAsync()
    {
        _line.CloseWrite();
        var end = new FamilyEnd(_family, Exited, _clock, _hurry.Token);
        var gone = await end.RunAsync();
        _line.EndWhenDrained();
        if (gone)
        {
            ClearAway();
            return;
        }

        _ = ClearAwayLaterAsync(end);
    }

    private async Task ClearAwayLaterAsync(FamilyEnd end)
    {
        if (!await end.GoOnAsync())
            _log($"Server \"{_name}\": process {ProcessId} or a descendant of it outlives SIGKILL; it is left to the system.");
        await Exited;
        ClearAway();
    }

    /// <summary>Guard and registry forget it before the number is free.</summary>
    private void ClearAway()
    {
        _monitor!.Remove(_watched!);
        _guard!.Remove(ProcessId);
        _instance?.Strike(_mark);
        _family.Reap();
        _confinement?.Remove();
        _host.Forget(this);
    }
}
