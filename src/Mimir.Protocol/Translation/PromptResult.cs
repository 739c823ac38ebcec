using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Protocol.Translation;

/// <summary>Answers to <c>prompts/get</c>, for clients of older revisions. Pure, and safe for any thread.</summary>
public static class PromptResult
{
    /// <summary>
    /// Shapes an answer: content blocks of kinds that the revision does not know (<c>audio</c> before 2025-03-26,
    /// <c>resource_link</c> before 2025-06-18) become text blocks that say what was there, in messages whose content is one block
    /// and in those whose content is an array. All else stays byte for byte.
    /// </summary>
    /// <param name="frame">The whole answer.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="to">The revision of the client.</param>
    /// <param name="shaped">The answer to send instead; empty when nothing differs.</param>
    /// <returns>False when nothing differs. Usually told without reading the frame, by what does not stand in it.</returns>
    public static bool Shape(ReadOnlySpan<byte> frame, in Envelope envelope, Revision to, out byte[] shaped)
    {
        shaped = [];
        if (envelope.Kind != FrameKind.Response || !ContentBlocks.MayBeUnknown(frame, to))
        {
            return false;
        }

        var edit = new FrameEdit(frame);
        var members = new JsonMembers(frame, envelope.Result.At, envelope.Meta);
        while (members.Next())
        {
            if (members.KeyIs("messages"u8))
            {
                ShapeMessages(ref edit, frame, members.Value.At, to);
            }
        }

        if (!edit.HasChanges || members.IsBroken)
        {
            return false;
        }

        shaped = edit.ToArray();
        return true;
    }

    private static void ShapeMessages(scoped ref FrameEdit edit, ReadOnlySpan<byte> frame, int at, Revision to)
    {
        var messages = new JsonElements(frame, at);
        while (messages.Next())
        {
            var members = new JsonMembers(frame, messages.Value.At);
            while (members.Next())
            {
                if (members.KeyIs("content"u8))
                {
                    ContentBlocks.Shape(ref edit, frame, members.Value, to);
                }
            }
        }
    }
}
