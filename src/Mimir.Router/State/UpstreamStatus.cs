namespace Mimir.Router.State;

/// <summary>Where a server stands.</summary>
public enum UpstreamStatus : byte
{
    /// <summary>Not needed yet.</summary>
    Idle,

    /// <summary>Being started or negotiated with.</summary>
    Starting,

    /// <summary>At least one connection is open.</summary>
    Ready,

    /// <summary>The last attempt failed; the next one waits.</summary>
    Failed,
}
