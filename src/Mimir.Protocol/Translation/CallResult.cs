using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Protocol.Translation;

/// <summary>Answers to <c>tools/call</c>, for clients of older revisions. Pure, and safe for any thread.</summary>
public static class CallResult
{
    /// <summary>
    /// Shapes an answer. Where structured content must be an object, anything else becomes <c>{"result":…}</c> around it. Where it is
    /// not known, a result without content gets one text block that holds it as JSON. Content blocks of unknown kinds (<c>audio</c>
    /// before 2025-03-26, <c>resource_link</c> before 2025-06-18) become text blocks that say what was there. All else stays byte for
    /// byte.
    /// </summary>
    /// <param name="frame">The whole answer.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="to">The revision of the client.</param>
    /// <param name="wrapsOutput">Whether <see cref="ToolDefinition.Shape"/> wrapped the tool's <c>outputSchema</c>: then objects are wrapped, too.</param>
    /// <param name="shaped">The answer to send instead; empty when nothing differs.</param>
    /// <returns>False when nothing differs. Usually told without reading the frame, by what does not stand in it.</returns>
    public static bool Shape(ReadOnlySpan<byte> frame, in Envelope envelope, Revision to, bool wrapsOutput, out byte[] shaped)
    {
        shaped = [];
        if (envelope.Kind != FrameKind.Response || to.Era == Era.Modern)
        {
            return false;
        }

        var blocks = ContentBlocks.MayBeUnknown(frame, to);
        if (!blocks && frame.IndexOf("structuredContent"u8) < 0 && !ContentBlocks.HasEscapedLetters(frame))
        {
            return false;
        }

        var replacesContent = !to.KnowsStructuredContent;
        var (structured, emptyContent) = replacesContent ? FindLonely(frame, envelope) : default;
        var edit = new FrameEdit(frame);
        if (structured.Exists && !emptyContent.Exists)
        {
            edit.Insert(envelope.Result.At + 1, "\"content\":"u8);
            InsertText(ref edit, envelope.Result.At + 1, structured.Of(frame));
            edit.Insert(envelope.Result.At + 1, ","u8);
        }

        var members = new JsonMembers(frame, envelope.Result.At, envelope.Meta);
        while (members.Next())
        {
            if (members.KeyIs("structuredContent"u8))
            {
                if (to.StructuredMustBeObject && (wrapsOutput || members.First != '{'))
                {
                    edit.Insert(members.Value.At, "{\"result\":"u8);
                    edit.Insert(members.Value.End, "}"u8);
                }
            }
            else if (structured.Exists && members.Value == emptyContent)
            {
                edit.Remove(emptyContent.At, emptyContent.End);
                InsertText(ref edit, emptyContent.End, structured.Of(frame));
            }
            else if (blocks && members.KeyIs("content"u8))
            {
                ContentBlocks.Shape(ref edit, frame, members.Value, to);
            }
        }

        if (!edit.HasChanges || members.IsBroken)
        {
            return false;
        }

        shaped = edit.ToArray();
        return true;
    }

    /// <summary>Structured content of a result that has no other, and the empty array that stands for the other.</summary>
    private static (ByteRange Structured, ByteRange EmptyContent) FindLonely(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        ByteRange structured = default, content = default;
        var members = new JsonMembers(frame, envelope.Result.At, envelope.Meta);
        while (members.Next())
        {
            structured = members.KeyIs("structuredContent"u8) ? members.Value : structured;
            content = members.KeyIs("content"u8) ? members.Value : content;
        }

        return members.IsBroken || (content.Exists && !IsEmptyArray(frame, content.At)) ? default : (structured, content);
    }

    private static bool IsEmptyArray(ReadOnlySpan<byte> frame, int at)
    {
        var elements = new JsonElements(frame, at);
        return !elements.Next() && !elements.IsBroken;
    }

    private static void InsertText(scoped ref FrameEdit edit, int at, ReadOnlySpan<byte> json)
    {
        edit.Insert(at, "[{\"type\":\"text\",\"text\":\""u8);
        while (true)
        {
            // Blanks between tokens are all that JSON holds of control characters.
            var special = json.IndexOfAny("\"\\\n\r\t"u8);
            edit.Insert(at, special < 0 ? json : json[..special]);
            if (special < 0)
            {
                break;
            }

            edit.Insert(at, json[special] switch
            {
                (byte)'"' => "\\\""u8,
                (byte)'\\' => "\\\\"u8,
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                _ => "\\t"u8,
            });
            json = json[(special + 1)..];
        }

        edit.Insert(at, "\"}]"u8);
    }
}
