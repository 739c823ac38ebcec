using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Protocol.Translation;

/// <summary>Messages of requests <c>sampling/createMessage</c>, for clients of older revisions. Pure, and safe for any thread.</summary>
internal static class SamplingRequest
{
    /// <summary>Shapes the value of <c>messages</c>.</summary>
    internal static void ShapeMessages(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, ByteRange value, Revision to)
    {
        var messages = new JsonElements(text, value.At);
        while (!to.KnowsSamplingTools && messages.Next())
        {
            var members = new JsonMembers(text, messages.Value.At);
            while (members.Next())
            {
                if (!members.KeyIs("content"u8))
                {
                    continue;
                }

                if (members.First == '{')
                {
                    ContentBlocks.Shape(ref edit, text, members.Value, to);
                }
                else if (TryOnly(text, members.Value.At, out var block))
                {
                    edit.Remove(members.Value.At, block.At);
                    ContentBlocks.Shape(ref edit, text, block, to);
                    edit.Remove(block.End, members.Value.End);
                }
            }
        }
    }

    /// <summary>The one block of an array that has exactly one.</summary>
    private static bool TryOnly(ReadOnlySpan<byte> text, int array, out ByteRange block)
    {
        var blocks = new JsonElements(text, array);
        var found = blocks.Next() && blocks.First == '{';
        block = blocks.Value;
        return found && !blocks.Next() && !blocks.IsBroken;
    }
}
