using Mimir.Protocol.Envelopes;

namespace Mimir.Router.State;

/// <summary>How a call of a client ended.</summary>
public enum CallOutcome : byte
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>With a result.</summary>
    Ok,

    /// <summary>With a result that says that the tool failed.</summary>
    ToolError,

    /// <summary>The client is asked something, and comes back with another call.</summary>
    InputRequired,

    /// <summary>It goes on as a task.</summary>
    Task,

    /// <summary>With an error.</summary>
    Error,

    /// <summary>Its server was lost while it ran.</summary>
    Lost,

    /// <summary>Its client gave it up, or has gone.</summary>
    Canceled,
}
