using System.Text.Json;

namespace Mimir.Floor;

/// <summary>Where the top-level <c>id</c> of a JSON-RPC message stands.</summary>
/// <param name="At">Offset of its value, quotes included.</param>
/// <param name="Length">Length of its value in bytes; 0 when the message has none.</param>
internal readonly record struct EnvelopeId(int At, int Length)
{
    /// <summary>Finds it, wherever in the message it stands.</summary>
    /// <param name="message">One JSON object.</param>
    /// <exception cref="JsonException">The message is not JSON up to its id.</exception>
    public static EnvelopeId Find(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (found)
            {
                return new EnvelopeId((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
            }

            reader.Skip();
        }

        return default;
    }

    /// <summary>The end of its value.</summary>
    public int End => At + Length;
}
