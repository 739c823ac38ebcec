using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Upstreams;

/// <summary>
/// Task ids of several servers could be equal and say nothing of their server, so clients see them behind a tag:
/// <c>TAG.ID</c>, TAG being the server's prefix.
/// </summary>
public static class TaskIds
{
    /// <summary>Puts the tag before every task id of a message that goes to a client.</summary>
    /// <param name="splices">Takes the replacements.</param>
    /// <param name="frame">The message.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="method">What was asked, or the notification's own method.</param>
    /// <param name="tag">The tag with its dot, or null to leave the message alone.</param>
    public static void Wrap(ref SpliceList splices, ReadOnlySpan<byte> frame, in Envelope envelope, McpMethod method, byte[]? tag)
    {
        if (tag is null)
        {
            return;
        }

        // A tool may have a field of this name in its result; only where it is the protocol's own it is tagged.
        if (envelope.TaskId.Exists && (envelope.TaskIsNested || McpMethods.TargetsTask(method) || method is McpMethod.TasksStatus or McpMethod.TasksNotification
            || IsMade(frame, envelope)))
        {
            splices.Replace(new ByteRange(envelope.TaskId.At, 0), tag);
        }

        if (envelope.RelatedTask.Exists)
        {
            splices.Replace(new ByteRange(envelope.RelatedTask.At, 0), tag);
        }
    }

    /// <summary>Tells whether an answer hands out a task in the words of the modern era.</summary>
    public static bool IsMade(ReadOnlySpan<byte> frame, in Envelope envelope) =>
        envelope.TaskId.Exists && envelope.ResultType.Exists && envelope.ResultType.Of(frame).SequenceEqual("task"u8);

    /// <summary>Cuts the tag off: what comes behind the first dot.</summary>
    /// <param name="taskId">As the client sent it, the inside of a JSON string.</param>
    /// <param name="tag">What stood before the dot.</param>
    /// <param name="id">The server's own id.</param>
    public static bool TrySplit(ReadOnlySpan<byte> taskId, out ReadOnlySpan<byte> tag, out ReadOnlySpan<byte> id)
    {
        var dot = taskId.IndexOf((byte)'.');
        tag = dot > 0 ? taskId[..dot] : default;
        id = dot > 0 ? taskId[(dot + 1)..] : taskId;
        return dot > 0;
    }
}
