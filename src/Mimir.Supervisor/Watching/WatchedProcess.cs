using Mimir.Router.Upstreams;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Watching;

/// <summary>
/// A process the monitor looks after. Its descriptors belong to the monitor's thread alone from the moment it is added, which is
/// what makes polling their bare numbers safe.
/// </summary>
internal sealed class WatchedProcess(int processId, Descriptor? standardError, StandardErrorTaker? taker, Action<ChildExit> onExit)
{
    /// <summary>Where its stderr goes; null when it has none of its own.</summary>
    internal StandardErrorTaker? Taker { get; } = taker;

    internal int ProcessId { get; } = processId;

    /// <summary>Called once on the monitor's thread when the process has exited; must be quick. It is not reaped then.</summary>
    internal Action<ChildExit> OnExit { get; } = onExit;

    /// <summary>The reading end of its stderr; null once it has ended.</summary>
    internal Descriptor? StandardError { get; set; } = standardError;

    /// <summary>A pidfd; null where there is none, and after the exit.</summary>
    internal Descriptor? Handle { get; set; } = ProcessHandle.TryOpen(processId);

    internal bool HasExited { get; set; }

    internal void Close()
    {
        Taker?.End();
        StandardError?.Dispose();
        Handle?.Dispose();
        StandardError = Handle = null;
    }
}
