using System.Buffers.Text;
using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>
/// A task as a server describes it, in the words of either era: in an answer (<c>result</c>, or <c>result.task</c> where 2025-11-25
/// creates one), or in the params of a notification. Ranges are those of the frame that was read.
/// </summary>
/// <param name="Whole">The object.</param>
/// <param name="Id">Inside of its id.</param>
/// <param name="Phase">Its status.</param>
/// <param name="PollMs">How often to ask after it, in milliseconds, when the server says so.</param>
/// <param name="Result">The result it carries once completed (2026-07-28).</param>
/// <param name="Error">The error it carries once failed (2026-07-28).</param>
/// <param name="InputRequests">What it asks of its client (2026-07-28).</param>
public readonly record struct TaskObject(
    ByteRange Whole, ByteRange Id, TaskPhase Phase, long? PollMs, ByteRange Result, ByteRange Error, ByteRange InputRequests)
{
    /// <summary>Reads one.</summary>
    /// <param name="frame">The whole message.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="task">The task.</param>
    /// <returns>False when there is none, or none with an id and a status that is known.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, in Envelope envelope, out TaskObject task)
    {
        task = default;
        var whole = envelope.Kind switch
        {
            FrameKind.Response when envelope.TaskIsNested => Nested(frame, envelope),
            FrameKind.Response => envelope.Result,
            FrameKind.Notification => envelope.Params,
            _ => default,
        };
        if (!whole.Exists)
        {
            return false;
        }

        ByteRange id = default, result = default, error = default, requests = default;
        var phase = TaskPhase.Unknown;
        long? poll = null;
        var members = new JsonMembers(frame, whole.At);
        while (members.Next())
        {
            if (members.First == '"' && members.KeyIs("taskId"u8))
            {
                id = members.Value.Inside;
            }
            else if (members.First == '"' && members.KeyIs("status"u8))
            {
                phase = TaskPhases.Find(members.Value.Inside.Of(frame));
            }
            else if (members.KeyIs("pollInterval"u8) || members.KeyIs("pollIntervalMs"u8))
            {
                poll = Utf8Parser.TryParse(members.Value.Of(frame), out double ms, out _) && ms is > 0 and < int.MaxValue ? (long)ms : poll;
            }
            else if (members.First == '{')
            {
                result = members.KeyIs("result"u8) ? members.Value : result;
                error = members.KeyIs("error"u8) ? members.Value : error;
                requests = members.KeyIs("inputRequests"u8) ? members.Value : requests;
            }
        }

        task = new TaskObject(whole, id, phase, poll, result, error, requests);
        return !members.IsBroken && id.Exists && phase != TaskPhase.Unknown;
    }

    /// <summary>True for the result of a tool that reports an error.</summary>
    /// <param name="frame">The text in which it stands.</param>
    /// <param name="result">Where it stands.</param>
    public static bool IsToolError(ReadOnlySpan<byte> frame, ByteRange result)
    {
        var isError = false;
        var members = new JsonMembers(frame, result.At);
        while (members.Next())
        {
            isError = members.KeyIs("isError"u8) ? members.First == 't' : isError;
        }

        return isError;
    }

    private static ByteRange Nested(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        ByteRange task = default;
        var members = new JsonMembers(frame, envelope.Result.At, envelope.Meta);
        while (members.Next())
        {
            task = members.KeyIs("task"u8) ? members.Value : task;
        }

        return task;
    }
}
