using System.Buffers;
using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>Requests of the modern era, said so that a legacy server understands them. Pure, and safe for any thread.</summary>
public static class ModernRequest
{
    /// <summary>
    /// Writes the request without what only modern servers know: in <c>params._meta</c> the protocol version, the client's info and
    /// capabilities and the log level; in <c>params</c> the <c>inputResponses</c> and <c>requestState</c> of a further round, and a
    /// <c>task</c>, by which a legacy server would answer in a form no modern client reads. All else stays byte for byte. A
    /// <c>_meta</c> of which nothing is left goes altogether.
    /// </summary>
    /// <param name="frame">The whole message.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="output">Takes the message; at most 16 bytes more than <paramref name="frame"/>, in one piece.</param>
    /// <param name="asTask">Adds <c>"task":{}</c> to params: the server shall run the call as a task of 2025-11-25.</param>
    /// <param name="withoutContext">Leaves out <c>params.context</c>, for <c>completion/complete</c> of servers that do not know it.</param>
    /// <returns>False when nothing differs, or params is no object: nothing is written and the frame goes as it stands.</returns>
    public static bool ToLegacy(
        ReadOnlySpan<byte> frame, in Envelope envelope, IBufferWriter<byte> output, bool asTask = false, bool withoutContext = false)
    {
        if (!envelope.Params.Exists)
        {
            return false;
        }

        const int Additions = 16;
        var copy = new MemberCopy(frame, output.GetSpan(frame.Length + Additions));
        copy.Raw(frame[..(envelope.Params.At + 1)]);
        var changed = asTask;
        var members = new JsonMembers(frame, envelope.Params.At, envelope.Arguments, envelope.Meta);
        while (members.Next())
        {
            if (envelope.Meta.Exists && members.Value.At == envelope.Meta.At)
            {
                changed |= CopyMeta(ref copy, frame, members, envelope.MetaCapabilities);
            }
            else if (ReservedMeta.IsRound(members) || members.KeyIs("task"u8) || (withoutContext && members.KeyIs("context"u8)))
            {
                changed = true;
                copy.Cut();
            }
            else
            {
                copy.Keep(members.Start, members.Value.End);
            }
        }

        if (!changed || members.IsBroken)
        {
            return false;
        }

        if (asTask)
        {
            copy.Add("\"task\":"u8, "{}"u8);
        }

        copy.Cut();
        copy.Raw(frame[(envelope.Params.End - 1)..]);
        output.Advance(copy.Written);
        return true;
    }

    private static bool CopyMeta(ref MemberCopy copy, ReadOnlySpan<byte> frame, in JsonMembers meta, ByteRange capabilities)
    {
        var changed = false;
        copy.Open(frame[meta.Start..(meta.Value.At + 1)]);
        var members = new JsonMembers(frame, meta.Value.At, capabilities);
        while (members.Next())
        {
            if (ReservedMeta.Holds(members))
            {
                changed = true;
                copy.Cut();
            }
            else
            {
                copy.Keep(members.Start, members.Value.End);
            }
        }

        copy.Close(orUndo: changed);
        return changed;
    }
}
