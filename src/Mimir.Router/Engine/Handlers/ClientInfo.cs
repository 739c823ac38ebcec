using System.Text.Json;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Finds what a legacy client says of itself, so that modern servers can be told with each request.</summary>
internal static class ClientInfo
{
    private const int Longest = 4096;

    /// <summary>A copy of <c>params.clientInfo</c> of an <c>initialize</c>; empty when there is none, or it is no object, or too long.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var json = envelope.Params.Of(frame);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = EnvelopeScanner.MostDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("clientInfo"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (found)
            {
                return isObject && reader.BytesConsumed - start <= Longest ? json[start..(int)reader.BytesConsumed].ToArray() : default;
            }
        }

        return default;
    }
}
