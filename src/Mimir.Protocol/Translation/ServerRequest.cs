using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Protocol.Translation;

/// <summary>What legacy servers ask of legacy clients of other revisions. Pure, and safe for any thread.</summary>
public static class ServerRequest
{
    /// <summary>
    /// Shapes a request. In <c>sampling/createMessage</c> blocks of kinds that the revision does not know become text blocks, and
    /// content that is an array (2025-11-25) of exactly one block becomes that block for clients that know no tools in sampling; longer
    /// arrays stay. In <c>elicitation/create</c> <c>mode</c> is not said to clients without URL elicitation, and titled choices become
    /// <c>enum</c> and <c>enumNames</c> for those that do not know them. All else stays byte for byte.
    /// </summary>
    /// <param name="frame">The whole request.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="to">The revision of the client.</param>
    /// <param name="shaped">The request to send instead; empty when nothing differs.</param>
    /// <returns>False when nothing differs.</returns>
    public static bool Shape(ReadOnlySpan<byte> frame, in Envelope envelope, Revision to, out byte[] shaped)
    {
        shaped = [];
        if (!envelope.Params.Exists || envelope.Method is not (McpMethod.CreateMessage or McpMethod.Elicit))
        {
            return false;
        }

        var edit = new FrameEdit(frame);
        var filter = default(MemberFilter);
        var members = new JsonMembers(frame, envelope.Params.At, envelope.Meta);
        while (members.Next())
        {
            if (envelope.Method == McpMethod.Elicit && !to.KnowsUrlElicitation && members.KeyIs("mode"u8))
            {
                filter.Drop(ref edit, members);
                continue;
            }

            filter.Keep(ref edit, members);
            ShapeMember(ref edit, frame, members, envelope.Method, to);
        }

        filter.Finish(ref edit);
        if (!edit.HasChanges || members.IsBroken)
        {
            return false;
        }

        shaped = edit.ToArray();
        return true;
    }

    /// <summary>Shapes the value of a member of params that stays.</summary>
    internal static void ShapeMember(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, scoped in JsonMembers member, McpMethod method, Revision to)
    {
        if (method == McpMethod.Elicit && !to.HasTitledEnums && member.KeyIs("requestedSchema"u8))
        {
            TitledEnums.Shape(ref edit, text, member.Value.At);
        }
        else if (method == McpMethod.CreateMessage && member.KeyIs("messages"u8))
        {
            SamplingRequest.ShapeMessages(ref edit, text, member.Value, to);
        }
    }
}
