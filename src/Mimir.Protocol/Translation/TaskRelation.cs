using System.Buffers;
using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>The task that a message of 2025-11-25 says it belongs to, in its <c>_meta</c>. Pure, and safe for any thread.</summary>
public static class TaskRelation
{
    /// <summary>Takes it out of a message, for a client that knows nothing of the task.</summary>
    /// <param name="frame">The whole message.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="without">The message without it; empty when it said none.</param>
    /// <returns>False when it said none.</returns>
    public static bool Remove(ReadOnlySpan<byte> frame, in Envelope envelope, out byte[] without)
    {
        without = [];
        if (!envelope.Meta.Exists)
        {
            return false;
        }

        var edit = new FrameEdit(frame);
        var filter = default(MemberFilter);
        var members = new JsonMembers(frame, envelope.Meta.At);
        while (members.Next())
        {
            if (members.KeyIs(MetaKeys.RelatedTask))
            {
                filter.Drop(ref edit, members);
            }
            else
            {
                filter.Keep(ref edit, members);
            }
        }

        filter.Finish(ref edit);
        if (!edit.HasChanges || members.IsBroken)
        {
            return false;
        }

        without = edit.ToArray();
        return true;
    }

    /// <summary>Writes a result that says which task it is the end of, as answers to <c>tasks/result</c> must.</summary>
    /// <param name="result">The JSON object.</param>
    /// <param name="taskId">Inside of the id.</param>
    /// <param name="output">Takes the object.</param>
    public static void WriteResult(ReadOnlySpan<byte> result, ReadOnlySpan<byte> taskId, IBufferWriter<byte> output)
    {
        ByteRange meta = default;
        var isEmpty = true;
        var members = new JsonMembers(result, 0);
        while (members.Next())
        {
            isEmpty = false;
            meta = members.KeyIs("_meta"u8) && members.First == '{' ? members.Value : meta;
        }

        // Behind the brace of _meta, which is one byte in where _meta has to be made.
        var hasMeta = meta.Length > 0;
        var at = hasMeta ? meta.At + 1 : 1;
        output.Write(result[..at]);
        output.Write(hasMeta ? "\""u8 : "\"_meta\":{\""u8);
        output.Write(MetaKeys.RelatedTask);
        output.Write("\":{\"taskId\":\""u8);
        output.Write(taskId);
        output.Write(hasMeta ? "\"}"u8 : "\"}}"u8);
        var alone = hasMeta ? JsonBytes.IsEmptyObject(result, meta.At) : isEmpty;
        output.Write(alone ? default : ","u8);
        output.Write(result[at..]);
    }
}
