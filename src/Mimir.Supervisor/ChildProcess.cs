using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Logs;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Systems;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor;

/// <summary>
/// A child from its start to the last of its family. Once the process itself has exited its descendants are ended without being
/// asked: a server whose process is gone is gone.
/// </summary>
internal sealed class ChildProcess : IChildProcess
{
    /// <summary>How long a descendant may still finish what the process left it to write, after the process itself has exited.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly StandardErrorRing _ring = new();
    private readonly string _name;
    private readonly string _mark;
    private readonly IChildBody _body;
    private readonly TaskCompletionSource<ChildExit> _exited;
    private readonly ProcessHost _host;
    private readonly TimeProvider _clock;
    private readonly Action<string> _log;
    private Instance? _instance;
    private LogScribe? _scribe;
    private Task? _stop;

    internal ChildProcess(
        string name, string mark, IChildBody body, TaskCompletionSource<ChildExit> exited, ProcessHost host, TimeProvider clock, Action<string> log) =>
        (_name, _mark, _body, _exited, _host, _clock, _log) = (name, mark, body, exited, host, clock, log);

    /// <inheritdoc/>
    public int ProcessId => _body.ProcessId;

    /// <summary>What the system has of it.</summary>
    internal IChildBody Body => _body;

    /// <inheritdoc/>
    public IByteLine Line => _body.Line;

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
        _body.Line.Dispose();
    }

    /// <summary>Begins to look after it.</summary>
    internal void Watch(Instance? instance, LogScribe? scribe, SecretMask? mask)
    {
        (_instance, _scribe) = (instance, scribe);
        scribe?.Note("started");
        _body.Watch(new StandardErrorTaker(_ring, scribe, mask), OnExit);
    }

    private void OnExit(ChildExit exit)
    {
        _scribe?.Note(exit.ToString());
        _exited.TrySetResult(exit);
        _ = EndLineAsync();
        _ = StopAsync();
    }

    private async Task EndLineAsync()
    {
        await Task.Delay(LastWords, _clock);
        _body.Line.EndWhenDrained();
    }

    private async Task StopCoreAsync()
    {
        if (Exited.IsCompleted)
            _body.Line.KeepUnread();
        _body.Line.CloseWrite();
        var end = new FamilyEnd(_body.Family, Exited, _clock, _hurry.Token);
        var gone = await end.RunAsync();
        _body.Line.EndWhenDrained();
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
            _log($"Server \"{_name}\": process {ProcessId} or a descendant of it cannot be ended; it is left to the system.");
        await Exited;
        ClearAway();
    }

    /// <summary>Guard and registry forget it before the number is free.</summary>
    private void ClearAway()
    {
        _body.Forget();
        _instance?.Strike(_mark);
        _body.Release();
        _host.Forget(this);
    }
}
