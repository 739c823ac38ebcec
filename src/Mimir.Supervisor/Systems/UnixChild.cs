using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Guarding;
using Mimir.Supervisor.Limits;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor.Systems;

/// <summary>
/// A child on Linux or macOS. It stays a zombie until nobody is left of its family, which keeps its number, and so its group's, its own.
/// </summary>
internal sealed class UnixChild(
    int processId, string mark, ChildLine line, Descriptor standardError, Family family, Confinement? confinement, ChildMonitor monitor, Guard guard)
    : IChildBody
{
    private WatchedProcess? _watched;

    /// <inheritdoc/>
    public int ProcessId => processId;

    /// <inheritdoc/>
    public IChildLine Line => line;

    /// <inheritdoc/>
    public IFamily Family => family;

    /// <summary>What it and what comes of it carry in their environments.</summary>
    internal string Mark => mark;

    /// <inheritdoc/>
    public void Watch(StandardErrorTaker taker, Action<ChildExit> onExit)
    {
        _watched = new WatchedProcess(processId, standardError, taker, exit => onExit(confinement?.Explain(exit) ?? exit));
        monitor.Add(_watched);
    }

    /// <inheritdoc/>
    public void Forget()
    {
        monitor.Remove(_watched!);
        guard.Remove(processId);
    }

    /// <inheritdoc/>
    public void Release()
    {
        family.Reap();
        confinement?.Remove();
    }
}
