namespace Mimir.Protocol.Translation;

/// <summary>Where a task stands: its <c>status</c>.</summary>
public enum TaskPhase : byte
{
    /// <summary>None that this build knows.</summary>
    Unknown,

    /// <summary><c>working</c>.</summary>
    Working,

    /// <summary><c>input_required</c>: the server waits for its client.</summary>
    InputRequired,

    /// <summary><c>completed</c>.</summary>
    Completed,

    /// <summary><c>failed</c>. Until 2025-11-25 also where the tool reports an error; since 2026-07-28 where there is no result alone.</summary>
    Failed,

    /// <summary><c>cancelled</c>.</summary>
    Cancelled,
}
