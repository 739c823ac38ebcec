namespace Mimir.Router.State;

/// <summary>Where a server stands. What leads from one to another is the table in <see cref="UpstreamLife"/>.</summary>
public enum UpstreamStatus : byte
{
    /// <summary>Not needed yet.</summary>
    Configured,

    /// <summary>Being started or negotiated with.</summary>
    Starting,

    /// <summary>At least one connection is open.</summary>
    Ready,

    /// <summary>Connected, but not well: its own doing, see the reason.</summary>
    Degraded,

    /// <summary>It ended or could not be reached; the next attempt waits its turn.</summary>
    Backoff,

    /// <summary>Takes no new calls; those that are open come to their ends.</summary>
    Draining,

    /// <summary>Stopped on purpose; starts when it is told to.</summary>
    Stopped,

    /// <summary>It was started too often in too short a time. Now and then it is tried again.</summary>
    Failed,

    /// <summary>It asks for credentials that it was not given.</summary>
    NeedsAuth,

    /// <summary>Let go because nobody used it; the next call starts it.</summary>
    Hibernated,

    /// <summary>Set aside; nothing reaches it until it is released.</summary>
    Quarantined,
}
