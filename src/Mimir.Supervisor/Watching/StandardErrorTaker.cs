using Mimir.Router.State;
using Mimir.Supervisor.Logs;

namespace Mimir.Supervisor.Watching;

/// <summary>Takes what a process writes to stderr, its secrets taken out. For one thread at a time.</summary>
/// <param name="ring">Where the end of it is kept.</param>
/// <param name="scribe">Who takes all of it down; null when nobody does.</param>
/// <param name="mask">Takes its secrets out; null for one that has none.</param>
internal sealed class StandardErrorTaker(StandardErrorRing ring, LogScribe? scribe, SecretMask? mask)
{
    /// <summary>It wrote this.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        bytes = mask is null ? bytes : mask.Pass(bytes);
        ring.Append(bytes);
        scribe?.Append(bytes);
    }

    /// <summary>Takes what was held back, for it could have been the beginning of a secret: the process has exited.</summary>
    internal void AppendRest()
    {
        if (mask is null)
            return;
        var rest = mask.Rest();
        ring.Append(rest);
        scribe?.Append(rest);
    }

    /// <summary>It writes nothing any more.</summary>
    internal void End()
    {
        AppendRest();
        scribe?.End();
    }
}
