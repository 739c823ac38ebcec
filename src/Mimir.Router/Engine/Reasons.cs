using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Engine;

/// <summary>Finds the reason in a cancellation.</summary>
internal static class Reasons
{
    private const int Longest = 1024;

    /// <returns>The raw JSON string, or nothing.</returns>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!envelope.Params.Exists)
        {
            return default;
        }

        var reader = new Utf8JsonReader(envelope.Params.Of(frame), new JsonReaderOptions { MaxDepth = EnvelopeScanner.MostDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("reason"u8);
            reader.Read();
            if (found && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= Longest)
            {
                return envelope.Params.Of(frame).Slice((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
            }

            reader.Skip();
        }

        return default;
    }
}
