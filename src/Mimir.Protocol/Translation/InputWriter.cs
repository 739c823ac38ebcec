using System.Buffers;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Protocol.Translation;

/// <summary>
/// Says what servers ask of clients in the words of the other era: a request of a legacy server as an entry of
/// <c>inputRequests</c>, and an entry as a request to a legacy client. Pure, and safe for any thread.
/// </summary>
public static class InputWriter
{
    /// <summary>
    /// Writes a request of a legacy server (<c>elicitation/create</c>, <c>sampling/createMessage</c>, <c>roots/list</c>) as the value of
    /// an entry: <c>{"method":…,"params":…}</c>. In params <c>_meta</c> and <c>task</c> go, and the <c>elicitationId</c> of an
    /// elicitation, which the modern era has not. All else stays byte for byte.
    /// </summary>
    /// <param name="frame">The whole request.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="output">Takes the object; shorter than the frame.</param>
    /// <param name="elicitationId">Inside of the id that was left out, as it is spelled.</param>
    /// <returns>False when it is none of these requests, or params is no object: nothing is written.</returns>
    public static bool WriteEntry(ReadOnlySpan<byte> frame, in Envelope envelope, IBufferWriter<byte> output, out ByteRange elicitationId)
    {
        elicitationId = default;
        if (envelope.Kind != FrameKind.Request || envelope.Method is not (McpMethod.Elicit or McpMethod.CreateMessage or McpMethod.RootsList)
            || (!envelope.Params.Exists && LegacyRequest.HasParams(frame)))
        {
            return false;
        }

        output.Write("{\"method\":\""u8);
        output.Write(McpMethods.Utf8NameOf(envelope.Method));
        output.Write("\""u8);
        if (envelope.Params.Exists)
        {
            output.Write(",\"params\":"u8);
            var text = envelope.Params.Of(frame);
            var edit = new FrameEdit(text);
            var filter = default(MemberFilter);
            var members = new JsonMembers(text, 0);
            while (members.Next())
            {
                var isId = envelope.Method == McpMethod.Elicit && members.KeyIs("elicitationId"u8);
                if (isId && members.First == '"')
                {
                    elicitationId = new ByteRange(envelope.Params.At + members.Value.Inside.At, members.Value.Inside.Length);
                }

                if (isId || members.KeyIs("_meta"u8) || members.KeyIs("task"u8))
                {
                    filter.Drop(ref edit, members);
                }
                else
                {
                    filter.Keep(ref edit, members);
                }
            }

            filter.Finish(ref edit);
            edit.WriteTo(output);
        }

        output.Write("}"u8);
        return true;
    }

    /// <summary>
    /// Writes an entry as a request to a legacy client. <c>_meta</c>, <c>task</c> and <c>elicitationId</c> of params are not handed on.
    /// To clients without URL elicitation <c>mode</c> is not said; to those without titled choices (<c>oneOf</c> or <c>anyOf</c> of
    /// <c>const</c> and <c>title</c>) they are said with <c>enum</c> and <c>enumNames</c>; messages of a sampling are shaped like
    /// those of <see cref="ServerRequest"/>. Whether the client can answer at all is asked before:
    /// <see cref="InputRequests.NeedOf(ReadOnlySpan{byte}, in InputRequest)"/>.
    /// </summary>
    /// <param name="frame">The frame from which the entry was read.</param>
    /// <param name="request">The entry; its method must be known.</param>
    /// <param name="id">The id token of the request.</param>
    /// <param name="elicitationId">Inside of the id for an elicitation in URL mode, to clients that know it; or nothing.</param>
    /// <param name="to">The revision of the client.</param>
    /// <param name="output">Takes the whole frame.</param>
    public static void WriteRequest(
        ReadOnlySpan<byte> frame, in InputRequest request, ReadOnlySpan<byte> id, ReadOnlySpan<byte> elicitationId, Revision to, IBufferWriter<byte> output)
    {
        output.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        output.Write(id);
        output.Write(",\"method\":\""u8);
        output.Write(McpMethods.Utf8NameOf(request.Method));
        output.Write("\""u8);
        if (request.Params.Exists)
        {
            output.Write(",\"params\":"u8);
            var text = request.Params.Of(frame);
            var edit = new FrameEdit(text);
            var hasMembers = EditParams(ref edit, text, request.Method, to);
            if (to.KnowsUrlElicitation && !elicitationId.IsEmpty && InputRequests.NeedOf(frame, request) == ClientCapability.ElicitationUrl)
            {
                edit.Insert(text.Length - 1, hasMembers ? ",\"elicitationId\":\""u8 : "\"elicitationId\":\""u8);
                edit.Insert(text.Length - 1, elicitationId);
                edit.Insert(text.Length - 1, "\""u8);
            }

            edit.WriteTo(output);
        }

        output.Write("}"u8);
    }

    /// <returns>Whether members stay.</returns>
    private static bool EditParams(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, McpMethod method, Revision to)
    {
        var filter = default(MemberFilter);
        var members = new JsonMembers(text, 0);
        while (members.Next())
        {
            var isElicitation = method == McpMethod.Elicit;
            if (members.KeyIs("_meta"u8) || members.KeyIs("task"u8)
                || (isElicitation && (members.KeyIs("elicitationId"u8) || (!to.KnowsUrlElicitation && members.KeyIs("mode"u8)))))
            {
                filter.Drop(ref edit, members);
                continue;
            }

            filter.Keep(ref edit, members);
            ServerRequest.ShapeMember(ref edit, text, members, method, to);
        }

        filter.Finish(ref edit);
        return filter.HasMembers;
    }
}
