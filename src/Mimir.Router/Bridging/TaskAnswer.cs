using Mimir.Router.State;

namespace Mimir.Router.Bridging;

/// <summary>What a client that asks after a task is answered: one of three.</summary>
/// <param name="Result">The JSON of <c>result</c>.</param>
/// <param name="ServerError">The JSON of <c>error</c>, as the server said it.</param>
/// <param name="Error">An error made here.</param>
internal sealed record TaskAnswer(byte[]? Result, byte[]? ServerError = null, RouterError? Error = null)
{
    /// <summary>There is no such task, or it is somebody else's: which of these is not to be told.</summary>
    public static RouterError Unknown => new(ErrorCodes.InvalidParams, "params.taskId names no known task.");

    /// <summary>Done, and nothing to say.</summary>
    public static TaskAnswer Acknowledged => new("{\"resultType\":\"complete\"}"u8.ToArray());
}
