using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Guarding;
using Mimir.Supervisor.Launching;
using Mimir.Supervisor.Limits;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor.Systems;

/// <summary>Linux (glibc and musl), and macOS by the same calls: process groups, marks in environments, a guard beside us.</summary>
internal sealed class UnixSystem : IChildSystem
{
    private readonly ChildMonitor _monitor = new();
    private readonly ProcessScanner _scanner = new(new ProcessTable(ChildEnvironment.ChildVariable));
    private readonly Guard _guard;
    private readonly LimitKeeper _limits;

    /// <summary>Prepares it; nothing is started yet.</summary>
    /// <param name="instance">The mark that every child of this Mimir carries.</param>
    /// <param name="shell">The shell that the guard runs in.</param>
    /// <param name="gates">The folder in which children wait before they run; empty for none.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="log">Takes a sentence for the operator.</param>
    internal UnixSystem(string instance, string shell, string gates, TimeProvider clock, Action<string> log)
    {
        _limits = new LimitKeeper(() => (CgroupHome.TryOpen([GuardProcessId], out var why), why), log);
        _guard = new Guard(instance, shell, gates, _monitor, clock, log);
    }

    /// <inheritdoc/>
    public int GuardProcessId => _guard.ProcessId;

    /// <inheritdoc/>
    public Task PrepareAsync() => _guard.EnsureStartedAsync();

    /// <inheritdoc/>
    public IChildBody Make(ChildOrder order)
    {
        ChildStatus.EnsureChildrenAreKept();
        _monitor.EnsureRunning();
        var confinement = _limits.Prepare(order.Server, order.Limits, order.Mark);
        try
        {
            return Make(order, confinement);
        }
        catch (EntryPointNotFoundException e)
        {
            confinement?.Remove();
            throw new ProcessStartException($"{order.Plan.Who}: this system's C library is too old to start processes with ({e.Message}).", e);
        }
        catch
        {
            confinement?.Remove();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> MeasureAsync(IReadOnlyCollection<IChildBody> children)
    {
        var marks = children.OfType<UnixChild>().Select(static child => child.Mark).ToList();
        var entries = marks.Count == 0 ? [] : await _scanner.ScanAsync();
        return entries.Where(e => e.Marks.Length > 0 && marks.Exists(m => e.Marks.Contains(m, StringComparison.Ordinal))).Sum(static e => e.Resident);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _guard.DisposeAsync();
        _monitor.Dispose();
    }

    private UnixChild Make(ChildOrder order, Confinement? confinement)
    {
        using var streams = new ChildStreams();
        using var place = GatePlace.For(order.Folder, needed: confinement is not null);
        using var gate = place.Path is null ? null : Gate.TryMake(place.Path, order.Mark);
        var processId = 0;
        try
        {
            // Noted before it can do anything: a child that throws its mark away is found by its group alone.
            HeldStart.Start(order.Plan, streams.Theirs, gate, _guard.Notes, made =>
            {
                order.Made(made);
                processId = made;
                _guard.Add(made);
                order.Enter(made);
                confinement?.Apply(made);
            });
        }
        catch
        {
            if (processId != 0)
                _guard.Remove(processId);
            throw;
        }

        var family = new Family(processId, order.Mark, _scanner, order.Exited);
        return new UnixChild(processId, order.Mark, streams.TakeLine(), streams.TakeError(), family, confinement, _monitor, _guard);
    }
}
