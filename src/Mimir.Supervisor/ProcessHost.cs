using System.Collections.Concurrent;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Guarding;
using Mimir.Supervisor.Launching;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor;

/// <summary>
/// Starts child processes on Linux (glibc and musl; macOS by the same calls) and leaves none behind: not when it is disposed, not
/// when a child dies before its descendants, not when this process is killed. One instance a process is meant, several work.
/// Thread-safe. Nothing is started, no thread and no process, before the first child is.
/// </summary>
public sealed class ProcessHost : IProcessHost, IAsyncDisposable
{
    private readonly ConcurrentDictionary<ChildProcess, bool> _children = [];
    private readonly ChildMonitor _monitor;
    private readonly ProcessScanner _scanner = new(new ProcessTable(ChildEnvironment.ChildVariable));
    private readonly Guard _guard;
    private readonly TimeProvider _clock;
    private readonly Action<string> _log;
    private readonly string _instanceMark;
    private readonly string? _inheritedMark = Environment.GetEnvironmentVariable(ChildEnvironment.ChildVariable);
    private readonly Departures _departures = new();
    private Task? _disposal;

    /// <summary>Creates a host without children.</summary>
    /// <param name="clock">Measures the grace times of a stop. Default: the system's.</param>
    /// <param name="log">Takes rare sentences for the operator (no guard, a process that cannot be ended). Called from any thread; must be quick and not throw.</param>
    public ProcessHost(TimeProvider? clock = null, Action<string>? log = null)
        : this(clock, log, Guid.NewGuid().ToString("N"), "/bin/sh")
    {
    }

    internal ProcessHost(TimeProvider? clock, Action<string>? log, string instance, string shell)
    {
        _clock = clock ?? TimeProvider.System;
        _log = log ?? (static _ => { });
        _instanceMark = ChildEnvironment.Extend(Environment.GetEnvironmentVariable(ChildEnvironment.InstanceVariable), instance);
        _monitor = new ChildMonitor();
        _guard = new Guard(instance, shell, _monitor, _clock, _log);
    }

    /// <summary>How many children are not yet ended and cleared away.</summary>
    public int Count => _children.Count;

    internal int GuardProcessId => _guard.ProcessId;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The host is being disposed.</exception>
    public async ValueTask<IChildProcess> StartAsync(string name, StdioModel model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            throw new ProcessStartException(
                $"Server \"{name}\": servers on stdio cannot be started on this system yet. Reach it by its \"url\" instead.",
                new PlatformNotSupportedException());
        }

        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(!_departures.TryEnter(), this);
        try
        {
            await _guard.EnsureStartedAsync().WaitAsync(cancellationToken);
            return await Task.Run(() => Launch(name, model), cancellationToken);
        }
        finally
        {
            _departures.Leave();
        }
    }

    /// <summary>
    /// Stops every child, all at once, each as <see cref="IChildProcess.StopAsync"/> does, those being started included; then dismisses
    /// the guard. Completes at the latest after about 6 s.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_children)
            _disposal ??= DisposeCoreAsync();
        return new ValueTask(_disposal);
    }

    internal void Forget(ChildProcess child) => _children.TryRemove(child, out _);

    private async Task DisposeCoreAsync()
    {
        await _departures.CloseAsync();
        await Task.WhenAll(_children.Keys.Select(static child => child.DisposeAsync().AsTask()));
        await _guard.DisposeAsync();
        _monitor.Dispose();
    }

    private ChildProcess Launch(string name, StdioModel model)
    {
        ChildStatus.EnsureChildrenAreKept();
        var id = Guid.NewGuid().ToString("N");
        var plan = LaunchPlan.Create(
            name, model, Environment.GetEnvironmentVariables(), _instanceMark, ChildEnvironment.Extend(_inheritedMark, id));
        try
        {
            return Launch(name, plan, id);
        }
        catch (SystemCallException e)
        {
            throw SpawnFailure.Explain(plan.Who, plan.File, e.Errno);
        }
        catch (EntryPointNotFoundException e)
        {
            throw new ProcessStartException($"{plan.Who}: this system's C library is too old to start processes with ({e.Message}).", e);
        }
    }

    private ChildProcess Launch(string name, LaunchPlan plan, string id)
    {
        using var streams = new ChildStreams();
        var processId = Spawner.Start(plan.File, plan.Arguments, plan.Environment, plan.Folder, streams.Theirs);

        // Noted before anything else: a child that throws its mark away is found by its group alone. And nothing may fail from here
        // on: everything that could has been made before.
        _guard.Add(processId);
        var child = new ChildProcess(name, processId, id, streams.TakeLine(), this, _scanner, _clock, _log);
        _children.TryAdd(child, true);
        child.Watch(_monitor, _guard, streams.TakeError());
        return child;
    }
}
