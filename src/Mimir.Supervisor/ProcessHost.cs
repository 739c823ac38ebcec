using System.Collections.Concurrent;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Launching;
using Mimir.Supervisor.Logs;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Systems;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor;

/// <summary>
/// Starts child processes on Linux (glibc and musl; macOS by the same calls) and on Windows, and leaves none behind: not when it is disposed, not
/// when a child dies before its descendants, not when this process is killed. One instance a process is meant, several work.
/// Thread-safe. Nothing is started, no thread and no process, before the first child is.
/// </summary>
public sealed class ProcessHost : IProcessHost, IAsyncDisposable
{
    private static readonly TimeSpan s_sight = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<ChildProcess, bool> _children = [];
    private readonly IChildSystem _system;
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
        _instance = new Lazy<Instance?>(() => state is null ? null : Instance.TryCreate(state, instance, _clock, _log));
        _logs = new Lazy<LogBook?>(() => _instance.Value is { } ours ? new LogBook(ours.Logs, _clock, _log) : null);
        _system = OperatingSystem.IsWindows()
            ? new WindowsSystem(_clock, _log)
            : new UnixSystem(instance, shell, state is null ? string.Empty : Path.Combine(state.Instances, instance), _clock, _log);
    }

    /// <summary>Finds what would be run for a server, without running it.</summary>
    /// <param name="name">The server's name, for messages.</param>
    /// <param name="model">The server.</param>
    /// <returns>The full path of the program.</returns>
    /// <exception cref="ProcessStartException">It cannot be run; the text says why and what to do.</exception>
    public static string Locate(string name, StdioModel model) =>
        LaunchPlan.Create(name, model, Environment.GetEnvironmentVariables(), string.Empty, string.Empty).File;

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

    internal int GuardProcessId => _system.GuardProcessId;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The host is being disposed.</exception>
    public async ValueTask<IChildProcess> StartAsync(string name, StdioModel model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(!_departures.TryEnter(), this);
        try
        {
            await _system.PrepareAsync().WaitAsync(cancellationToken);
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
            Volatile.Write(ref _memory, await _system.MeasureAsync([.. _children.Keys.Select(static child => child.Body)]));
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
        await _system.DisposeAsync();
        if (_instance is { IsValueCreated: true, Value: { } instance })
        {
            await (_logs.Value?.DisposeAsync() ?? ValueTask.CompletedTask);
            instance.Dispose();
        }
    }

    private ChildProcess Launch(string name, StdioModel model)
    {
        var id = Guid.NewGuid().ToString("N");
        var plan = LaunchPlan.Create(
            name, model, Environment.GetEnvironmentVariables(), _instanceMark, ChildEnvironment.Extend(_inheritedMark, id));
        var mask = SecretMask.For(model.Secrets);
        var instance = _instance.Value;
        var exited = new TaskCompletionSource<ChildExit>(TaskCreationOptions.RunContinuationsAsynchronously);
        IChildBody body;
        instance?.Announce(id, name);
        try
        {
            body = _system.Make(new ChildOrder(
                name, plan, model.Limits, id, instance?.Path, exited.Task, made => Made?.Invoke(made), made => instance?.Enter(id, name, made)));
        }
        catch (Exception e)
        {
            instance?.Strike(id);
            if (e is SystemCallException { Errno: var errno })
                throw SpawnFailure.Explain(plan.Who, plan.File, errno);
            throw;
        }

        // Nothing may fail from here on: everything that could has been made before.
        var child = new ChildProcess(name, id, body, exited, this, _clock, _log);
        _children.TryAdd(child, true);
        child.Watch(instance, _logs.Value?.Open(name, body.ProcessId), mask);
        return child;
    }
}
