using System.Buffers;
using System.Text.Json;

namespace Mimir.Router.Upstreams;

/// <summary>The contents of a resource that clients know by another uri than its server does.</summary>
internal static class ResourceContents
{
    /// <summary>Puts a prefix before every <c>result.contents[].uri</c>; all other bytes stay.</summary>
    /// <param name="frame">The whole answer to <c>resources/read</c>.</param>
    /// <param name="prefix">Needs no escaping in JSON.</param>
    /// <param name="maxDepth">Deepest nesting; the frame keeps to it.</param>
    /// <returns>The frame as it was when a key in it is no text (half a surrogate pair): the caller is answered in any case.</returns>
    public static byte[] Qualify(byte[] frame, byte[] prefix, int maxDepth)
    {
        try
        {
            return Insert(frame, prefix, maxDepth);
        }
        catch (InvalidOperationException)
        {
            return frame;
        }
    }

    private static byte[] Insert(byte[] frame, byte[] prefix, int maxDepth)
    {
        var output = new ArrayBufferWriter<byte>(frame.Length + (4 * prefix.Length));
        var copied = 0;
        var reader = new Utf8JsonReader(frame, new JsonReaderOptions { MaxDepth = maxDepth });
        var path = (InResult: false, InContents: false);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            switch (reader.CurrentDepth)
            {
                case 1:
                    path = (reader.ValueTextEquals("result"u8), false);
                    break;
                case 2:
                    path.InContents = path.InResult && reader.ValueTextEquals("contents"u8);
                    break;
                case 4 when path.InContents && reader.ValueTextEquals("uri"u8):
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String)
                    {
                        var at = (int)reader.TokenStartIndex + 1;
                        output.Write(frame.AsSpan(copied, at - copied));
                        output.Write(prefix);
                        copied = at;
                    }

                    break;
                default:
                    break;
            }
        }

        output.Write(frame.AsSpan(copied));
        return output.WrittenSpan.ToArray();
    }
}
