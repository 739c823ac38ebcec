using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mimir.Router.State;

/// <summary>Text as it stands in JSON.</summary>
public static class JsonText
{
    /// <summary>A text as the inside of a JSON string, escaped no more than JSON demands.</summary>
    public static ReadOnlySpan<byte> Encode(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;

    /// <summary>The decoded text behind the inside of a JSON string; the inside as it is when it is no text (half a surrogate pair).</summary>
    public static byte[] Decode(ReadOnlySpan<byte> inside)
    {
        var quoted = new byte[inside.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        inside.CopyTo(quoted.AsSpan(1));
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        try
        {
            return Encoding.UTF8.GetBytes(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return inside.ToArray();
        }
    }
}
