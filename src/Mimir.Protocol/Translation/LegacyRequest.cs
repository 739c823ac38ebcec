using System.Buffers;
using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>Requests of the legacy era, said so that a modern server understands them. Pure, and safe for any thread.</summary>
public static class LegacyRequest
{
    /// <summary>Room for all names, quotes, braces and commas that a stamp needs.</summary>
    private const int Additions = 320;

    /// <summary>
    /// Writes the request with a stamp in <c>params._meta</c>; both are made where they are missing. What the client itself had put
    /// there under the stamp's names goes, and <c>params.task</c>, <c>params.inputResponses</c> and <c>params.requestState</c>, which
    /// no legacy client has to say. All else, the progress token with it, stays byte for byte.
    /// </summary>
    /// <param name="frame">The whole message.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="output">Takes the message in one piece; at most 320 bytes more than <paramref name="frame"/> and the stamp.</param>
    /// <param name="stamp">What is put on it.</param>
    /// <returns>False when params is no object: nothing is written and there is no such request in the modern era.</returns>
    public static bool ToModern(ReadOnlySpan<byte> frame, in Envelope envelope, IBufferWriter<byte> output, in Stamp stamp)
    {
        if (!envelope.Params.Exists && HasParams(frame))
        {
            return false;
        }

        var copy = new MemberCopy(frame, output.GetSpan(frame.Length + stamp.Length + Additions));
        if (!envelope.Params.Exists)
        {
            var end = frame.LastIndexOf((byte)'}');
            copy.Raw(frame[..end]);
            copy.Raw(",\"params\":{"u8);
            AddMeta(ref copy, stamp);
            AddRound(ref copy, stamp);
            copy.Raw("}"u8);
            copy.Raw(frame[end..]);
            output.Advance(copy.Written);
            return true;
        }

        copy.Raw(frame[..(envelope.Params.At + 1)]);
        if (!envelope.Meta.Exists)
        {
            AddMeta(ref copy, stamp);
        }

        var members = new JsonMembers(frame, envelope.Params.At, envelope.Arguments, envelope.Meta);
        while (members.Next())
        {
            if (envelope.Meta.Exists && members.Value.At == envelope.Meta.At)
            {
                CopyMeta(ref copy, frame, members, stamp, envelope.MetaCapabilities);
            }
            else if (members.KeyIs("task"u8) || members.KeyIs("_meta"u8) || ReservedMeta.IsRound(members))
            {
                copy.Cut();
            }
            else
            {
                copy.Keep(members.Start, members.Value.End);
            }
        }

        if (members.IsBroken)
        {
            return false;
        }

        AddRound(ref copy, stamp);
        copy.Raw(frame[(envelope.Params.End - 1)..]);
        output.Advance(copy.Written);
        return true;
    }

    private static void CopyMeta(ref MemberCopy copy, ReadOnlySpan<byte> frame, in JsonMembers meta, in Stamp stamp, ByteRange capabilities)
    {
        copy.Open(frame[meta.Start..(meta.Value.At + 1)]);
        AddStamp(ref copy, stamp);
        var members = new JsonMembers(frame, meta.Value.At, capabilities);
        while (members.Next())
        {
            if (ReservedMeta.Holds(members))
            {
                copy.Cut();
            }
            else
            {
                copy.Keep(members.Start, members.Value.End);
            }
        }

        copy.Close(orUndo: false);
    }

    private static void AddMeta(ref MemberCopy copy, in Stamp stamp)
    {
        copy.Open("\"_meta\":{"u8);
        AddStamp(ref copy, stamp);
        copy.Close(orUndo: false);
    }

    private static void AddStamp(ref MemberCopy copy, in Stamp stamp)
    {
        copy.Add("\"io.modelcontextprotocol/protocolVersion\":"u8, stamp.ProtocolVersion, "\""u8);
        if (!stamp.ClientInfo.IsEmpty)
        {
            copy.Add("\"io.modelcontextprotocol/clientInfo\":"u8, stamp.ClientInfo);
        }

        copy.Add("\"io.modelcontextprotocol/clientCapabilities\":"u8, stamp.ClientCapabilities.IsEmpty ? "{}"u8 : stamp.ClientCapabilities);
        if (!stamp.LogLevel.IsEmpty)
        {
            copy.Add("\"io.modelcontextprotocol/logLevel\":"u8, stamp.LogLevel, "\""u8);
        }
    }

    private static void AddRound(ref MemberCopy copy, in Stamp stamp)
    {
        copy.Cut();
        if (!stamp.InputResponses.IsEmpty)
        {
            copy.Add("\"inputResponses\":"u8, stamp.InputResponses);
        }

        if (!stamp.RequestState.IsEmpty)
        {
            copy.Add("\"requestState\":"u8, stamp.RequestState);
        }
    }

    /// <summary>The scanner reports no params where they are an array.</summary>
    internal static bool HasParams(ReadOnlySpan<byte> frame)
    {
        var members = new JsonMembers(frame, JsonBytes.Blanks(frame, 0));
        while (members.Next())
        {
            if (members.KeyIs("params"u8))
            {
                return true;
            }
        }

        return members.IsBroken;
    }
}
