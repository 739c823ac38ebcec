namespace Mimir.Router.Upstreams;

/// <summary>Why a call becomes a task of 2025-11-25 at its server although the client did not ask for one in those words.</summary>
public enum TaskWish : byte
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The client knows tasks of the other era: it gets one of these, and asks after it.</summary>
    Kept,

    /// <summary>The tool demands it and the client knows of none: it gets the result when the task has ended.</summary>
    Awaited,
}
