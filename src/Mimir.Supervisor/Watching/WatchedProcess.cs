using Mimir.Router.Upstreams;
using Mimir.Supervisor.Logs;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Watching;

/// <summary>
/// A process the monitor looks after. Its descriptors belong to the monitor's thread alone from the moment it is added, which is
/// what makes polling their bare numbers safe.
/// </summary>
internal sealed class WatchedProcess(int processId, Descriptor? standardError, StandardErrorRing? ring, LogScribe? scribe, Action<ChildExit> onExit, SecretMask? mask = null)
{
    /// <summary>Where its stderr goes; null when it has none of its own.</summary>
    internal StandardErrorRing? Ring { get; } = ring;

    /// <summary>Who takes it down as well; null when nobody does.</summary>
    internal LogScribe? Scribe { get; } = scribe;

    internal int ProcessId { get; } = processId;

    /// <summary>Called once on the monitor's thread when the process has exited; must be quick. It is not reaped then.</summary>
    internal Action<ChildExit> OnExit { get; } = onExit;

    /// <summary>The reading end of its stderr; null once it has ended.</summary>
    internal Descriptor? StandardError { get; set; } = standardError;

    /// <summary>A pidfd; null where there is none, and after the exit.</summary>
    internal Descriptor? Handle { get; set; } = ProcessHandle.TryOpen(processId);

    internal bool HasExited { get; set; }

    /// <summary>Takes down what it wrote to stderr, without its secrets.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        bytes = mask is null ? bytes : mask.Pass(bytes);
        Ring?.Append(bytes);
        Scribe?.Append(bytes);
    }

    /// <summary>Takes down what was held back of it: it has exited, or its stderr has ended.</summary>
    internal void AppendRest()
    {
        if (mask is null)
            return;
        var rest = mask.Rest();
        Ring?.Append(rest);
        Scribe?.Append(rest);
    }

    internal void Close()
    {
        AppendRest();
        Scribe?.End();
        StandardError?.Dispose();
        Handle?.Dispose();
        StandardError = Handle = null;
    }
}
