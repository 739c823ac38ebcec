using System.Collections.Concurrent;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Guarding;
using Mimir.Supervisor.Launching;
using Mimir.Supervisor.Limits;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Logs;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor;

/// <summary>
/// Starts child processes on Linux (glibc and musl; macOS by the same calls) and leaves none behind: not when it is disposed, not
/// when a child dies before its descendants, not when this process is killed. One instance a process is meant, several work.
/// Thread-safe. Nothing is started, no thread and no process, before the first child is.
/// </summary>
public sealed class ProcessHost : IProcessHost, IAsyncDisposable
{
    private static readonly TimeSpan s_sight = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<ChildProcess, bool> _children = [];
    private readonly ChildMonitor _monitor;
    private readonly ProcessScanner _scanner = new(new ProcessTable(ChildEnvironment.ChildVariable));
    private readonly Guard _guard;
    private readonly LimitKeeper _limits;
    private readonly TimeProvider _clock;
    private readonly Action<string> _log;
    private readonly string _instanceMark;
    private readonly string? _inheritedMark = Environment.GetEnvironmentVariable(ChildEnvironment.ChildVariable);
    private readonly Departures _departures = new();
    private readonly Lazy<Instance?> _instance;
    private readonly Lazy<LogBook?> _logs;
    private Task? _disposal;
    private long _memory;
    private long _measured;
    private int _measuring;

    /// <summary>Creates a host without children.</summary>
    /// <param name="state">Where it notes its children, so that the next Mimir can end them should this one be killed, and keeps their stderr. Default: nowhere.</param>
    /// <param name="clock">Measures the grace times of a stop. Default: the system's.</param>
    /// <param name="log">Takes rare sentences for the operator (no guard, a process that cannot be ended). Called from any thread; must be quick and not throw.</param>
    public ProcessHost(TimeProvider? clock = null, Action<string>? log = null, StateFolder? state = null)
        : this(clock, log, state, Guid.NewGuid().ToString("N"), "/bin/sh")
    {
    }

    internal ProcessHost(TimeProvider? clock, Action<string>? log, StateFolder? state, string instance, string shell)
    {
        _clock = clock ?? TimeProvider.System;
        _log = log ?? (static _ => { });
        _instanceMark = ChildEnvironment.Extend(Environment.GetEnvironmentVariable(ChildEnvironment.InstanceVariable), instance);
        _monitor = new ChildMonitor();
        _instance = new Lazy<Instance?>(() => state is null ? null : Instance.TryCreate(state, instance, _clock, _log));
        _limits = new LimitKeeper(() => (CgroupHome.TryOpen([GuardProcessId], out var why), why), _log);
        _logs = new Lazy<LogBook?>(() => _instance.Value is { } ours ? new LogBook(ours.Logs, _clock, _log) : null);
        _guard = new Guard(instance, shell, state is null ? string.Empty : Path.Combine(state.Instances, instance), _monitor, _clock, _log);
    }

    /// <summary>How many children are not yet ended and cleared away.</summary>
    public int Count => _children.Count;

    /// <summary>
    /// Bytes of memory that the children and what came of them hold, what they share counted for each, as it was a moment ago: it is looked
    /// at when it is asked for, once a second at most, and nobody waits for the look. 0 until then, and where the system is not asked (macOS).
    /// </summary>
    public long MemoryInUse
    {
        get
        {
            if ((_measured == 0 || _clock.GetElapsedTime(Volatile.Read(ref _measured)) > s_sight) && Interlocked.Exchange(ref _measuring, 1) == 0)
                _ = MeasureAsync();
            return Volatile.Read(ref _memory);
        }
    }

    /// <summary>For tests: told of a child that exists and is not known to anybody yet.</summary>
    internal Action<int>? Made { get; init; }

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

    private async Task MeasureAsync()
    {
        try
        {
            var marks = _children.Keys.Select(static child => child.Mark).ToList();
            var entries = marks.Count == 0 ? [] : await _scanner.ScanAsync();
            Volatile.Write(ref _memory, entries.Where(e => e.Marks.Length > 0 && marks.Exists(m => e.Marks.Contains(m, StringComparison.Ordinal))).Sum(static e => e.Resident));
        }
        catch (IOException)
        {
            // What was last seen holds.
        }
        finally
        {
            Volatile.Write(ref _measured, _clock.GetTimestamp());
            Volatile.Write(ref _measuring, 0);
        }
    }

    private async Task DisposeCoreAsync()
    {
        await _departures.CloseAsync();
        await Task.WhenAll(_children.Keys.Select(static child => child.DisposeAsync().AsTask()));
        await _guard.DisposeAsync();
        _monitor.Dispose();
        if (_instance is { IsValueCreated: true, Value: { } instance })
        {
            await (_logs.Value?.DisposeAsync() ?? ValueTask.CompletedTask);
            instance.Dispose();
        }
    }

    private ChildProcess Launch(string name, StdioModel model)
    {
        ChildStatus.EnsureChildrenAreKept();
        var id = Guid.NewGuid().ToString("N");
        var plan = LaunchPlan.Create(
            name, model, Environment.GetEnvironmentVariables(), _instanceMark, ChildEnvironment.Extend(_inheritedMark, id));
        var confinement = _limits.Prepare(name, model.Limits, id);
        try
        {
            var child = Launch(name, plan, id, confinement, SecretMask.For(model.Secrets));
            confinement = null;
            return child;
        }
        catch (SystemCallException e)
        {
            throw SpawnFailure.Explain(plan.Who, plan.File, e.Errno);
        }
        catch (EntryPointNotFoundException e)
        {
            throw new ProcessStartException($"{plan.Who}: this system's C library is too old to start processes with ({e.Message}).", e);
        }
        finally
        {
            confinement?.Remove();
        }
    }

    private ChildProcess Launch(string name, LaunchPlan plan, string id, Confinement? confinement, SecretMask? mask)
    {
        var instance = _instance.Value;
        using var streams = new ChildStreams();
        using var place = GatePlace.For(instance?.Path, needed: confinement is not null);
        using var gate = place.Path is null ? null : Gate.TryMake(place.Path, id);
        instance?.Announce(id, name);
        var processId = 0;
        try
        {
            // Noted before it can do anything: a child that throws its mark away is found by its group alone.
            HeldStart.Start(plan, streams.Theirs, gate, _guard.Notes, made =>
            {
                Made?.Invoke(made);
                processId = made;
                _guard.Add(made);
                instance?.Enter(id, name, made);
                confinement?.Apply(made);
            });
        }
        catch
        {
            if (processId != 0)
                _guard.Remove(processId);
            instance?.Strike(id);
            throw;
        }

        // Nothing may fail from here on: everything that could has been made before.
        var child = new ChildProcess(name, processId, id, streams.TakeLine(), this, _scanner, _clock, _log);
        _children.TryAdd(child, true);
        child.Watch(_monitor, _guard, instance, _logs.Value?.Open(name, processId), confinement, streams.TakeError(), mask);
        return child;
    }
}
