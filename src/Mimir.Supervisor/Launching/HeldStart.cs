using System.Globalization;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Launching;

/// <summary>
/// Makes a process that exists before it runs: it is seen by its number, prepared, and let go then. On Linux it waits at a
/// <see cref="Gate"/> inside <c>posix_spawn</c>, on macOS it starts suspended. Where neither is possible it is prepared right after it began to run.
/// </summary>
internal sealed class HeldStart
{
    private readonly LaunchPlan _plan;
    private readonly (Descriptor In, Descriptor Out, Descriptor Error) _streams;
    private readonly Gate _gate;
    private readonly int _keep;
    private readonly ManualResetEventSlim _done = new();
    private volatile string? _children;
    private Exception? _failure;
    private int _processId;

    private HeldStart(LaunchPlan plan, (Descriptor In, Descriptor Out, Descriptor Error) streams, Gate gate, int keep) =>
        (_plan, _streams, _gate, _keep) = (plan, streams, gate, keep);

    /// <summary>Starts a process.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="streams">Its streams.</param>
    /// <param name="gate">Where it waits; null for nowhere.</param>
    /// <param name="keep">A descriptor that it must not hold even while it waits there; -1 for none.</param>
    /// <param name="prepare">Given its number while it does not run yet. Must not throw. What it did is void when this method throws.</param>
    /// <returns>The process id.</returns>
    /// <exception cref="SystemCallException">It could not be started.</exception>
    internal static int Start(
        LaunchPlan plan, (Descriptor In, Descriptor Out, Descriptor Error) streams, Gate? gate, int keep, Action<int> prepare)
    {
        if (gate is not null)
            return new HeldStart(plan, streams, gate, keep).Run(prepare);
        var id = Spawner.Start(plan.File, plan.Arguments, plan.Environment, plan.Folder, streams, suspended: true);
        prepare(id);
        if (Abi.Apple)
            _ = Libc.Kill(id, Abi.SignalContinue);
        return id;
    }

    private int Run(Action<int> prepare)
    {
        // The call that makes the process returns when its program runs, so it is made on a thread of its own; the process is that
        // thread's only child.
        var thread = new Thread(Spawn, 256 * 1024) { IsBackground = true, Name = "mimir-spawn" };
        try
        {
            thread.Start();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // Threads count as processes do, and the runtime calls every lack of them one of memory.
            _done.Dispose();
            throw new SystemCallException("pthread_create", Errno.TryAgain);
        }

        try
        {
            if (FindChild() is { } id)
                prepare(id);
        }
        finally
        {
            // Whatever has happened, nobody is left standing. Without a descriptor to open the gate with it is tried again.
            while (!_gate.Open() && !_done.Wait(10))
            {
            }
        }

        thread.Join();
        _done.Dispose();
        return _failure is null ? _processId : throw _failure;
    }

    private void Spawn()
    {
        try
        {
            var self = new FileInfo("/proc/thread-self").LinkTarget ?? throw new IOException("/proc/thread-self cannot be read");
            _children = $"/proc/{self}/children";
            _processId = Spawner.Start(_plan.File, _plan.Arguments, _plan.Environment, _plan.Folder, _streams, gate: _gate.PathForChild, keep: _keep);
        }
        catch (Exception e)
        {
            _failure = e;
        }

        _done.Set();
    }

    /// <summary>Looks until the child is there, or the attempt is over without one.</summary>
    private int? FindChild()
    {
        var spin = default(SpinWait);
        while (!_done.IsSet)
        {
            if (_children is { } path && Read(path) is { } id)
                return id;
            if (spin.NextSpinWillYield && spin.Count > 100)
                _done.Wait(1);
            else
                spin.SpinOnce(sleep1Threshold: -1);
        }

        return null;
    }

    private static unsafe int? Read(string path)
    {
        using var opened = Descriptors.TryOpen(path, Abi.OpenRead);
        if (opened is null)
            return null;
        var text = stackalloc byte[64];
        var count = (int)Libc.Read((int)opened.DangerousGetHandle(), text, 64);
        var digits = new ReadOnlySpan<byte>(text, Math.Max(count, 0));
        var end = digits.IndexOf((byte)' ');
        return end > 0 && int.TryParse(digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }
}
