using System.Buffers.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Protocol.Translation;

/// <summary>Content blocks of kinds that a revision does not know: a text says what was there.</summary>
internal static class ContentBlocks
{
    /// <summary>
    /// Tells quickly whether a frame can hold a block that a revision does not know. Kinds are searched for as they are usually
    /// spelled, and any letter that is escaped counts as a find.
    /// </summary>
    public static bool MayBeUnknown(ReadOnlySpan<byte> frame, Revision to) =>
        (!to.KnowsAudio && frame.IndexOf("audio"u8) >= 0)
        || (!to.KnowsResourceLinks && frame.IndexOf("resource_link"u8) >= 0)
        || (!(to.KnowsAudio && to.KnowsResourceLinks) && HasEscapedLetters(frame));

    /// <summary>True when a letter of the names and kinds of MCP may be written as <c>\u00</c> and two digits.</summary>
    public static bool HasEscapedLetters(ReadOnlySpan<byte> frame) => frame.IndexOf("\\u00"u8) >= 0;

    /// <summary>Exchanges what is not known in a value that is one block or an array of them.</summary>
    public static void Shape(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, ByteRange content, Revision to)
    {
        if (text[content.At] == '{')
        {
            ShapeOne(ref edit, text, content, to);
            return;
        }

        var blocks = new JsonElements(text, content.At);
        while (blocks.Next())
        {
            ShapeOne(ref edit, text, blocks.Value, to);
        }
    }

    private static void ShapeOne(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, ByteRange block, Revision to)
    {
        var (isAudio, isLink) = (false, false);
        ByteRange mime = default, name = default, uri = default, data = default;
        var members = new JsonMembers(text, block.At);
        while (members.Next())
        {
            if (members.KeyIs("type"u8))
            {
                isAudio = members.ValueIs("audio"u8);
                isLink = members.ValueIs("resource_link"u8);
            }
            else if (members.First == '"')
            {
                var inside = members.Value.Inside;
                mime = members.KeyIs("mimeType"u8) ? inside : mime;
                name = members.KeyIs("name"u8) ? inside : name;
                uri = members.KeyIs("uri"u8) ? inside : uri;
                data = members.KeyIs("data"u8) ? inside : data;
            }
        }

        if (isAudio && !to.KnowsAudio)
        {
            Begin(ref edit, block, "audio"u8);
            Say(ref edit, block, " ("u8, mime.Of(text), ")"u8);
            Span<byte> digits = stackalloc byte[11];
            Utf8Formatter.TryFormat(data.Length, digits, out var length);
            Say(ref edit, block, ": "u8, digits[..length], " bytes of base64"u8);
            End(ref edit, block);
        }
        else if (isLink && !to.KnowsResourceLinks)
        {
            // The insides of strings move as they are: what is escaped in one string is well escaped in another.
            Begin(ref edit, block, "resource_link"u8);
            Say(ref edit, block, " "u8, name.Of(text), default);
            Say(ref edit, block, " ("u8, mime.Of(text), ")"u8);
            Say(ref edit, block, ": "u8, uri.Of(text), default);
            End(ref edit, block);
        }
    }

    private static void Begin(scoped ref FrameEdit edit, ByteRange block, ReadOnlySpan<byte> kind)
    {
        edit.Replace(block, "{\"type\":\"text\",\"text\":\"["u8);
        edit.Insert(block.End, kind);
    }

    private static void Say(
        scoped ref FrameEdit edit, ByteRange block, ReadOnlySpan<byte> before, scoped ReadOnlySpan<byte> what, ReadOnlySpan<byte> behind)
    {
        if (!what.IsEmpty)
        {
            edit.Insert(block.End, before);
            edit.Insert(block.End, what);
            edit.Insert(block.End, behind);
        }
    }

    private static void End(scoped ref FrameEdit edit, ByteRange block) => edit.Insert(block.End, "]\"}"u8);
}
