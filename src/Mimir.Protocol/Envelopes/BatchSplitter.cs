using System.Text.Json;

namespace Mimir.Protocol.Envelopes;

/// <summary>Cuts a JSON-RPC batch (2025-03-26) into its messages.</summary>
public static class BatchSplitter
{
    /// <summary>Splits.</summary>
    /// <param name="frame">A JSON array.</param>
    /// <param name="maxDepth">Deepest nesting, the array included.</param>
    /// <param name="most">Most messages.</param>
    /// <param name="parts">Copies of the messages as they stand there; none unless all is well.</param>
    public static BatchStatus Split(ReadOnlySpan<byte> frame, int maxDepth, int most, out IReadOnlyList<byte[]> parts)
    {
        var found = new List<byte[]>();
        parts = [];
        try
        {
            var reader = new Utf8JsonReader(frame, new JsonReaderOptions { MaxDepth = maxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return BatchStatus.NotJson;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                found.Add(frame[start..(int)reader.BytesConsumed].ToArray());
                if (found.Count > most)
                {
                    return BatchStatus.TooMany;
                }
            }

            // Whatever stands behind the array throws here.
            reader.Read();
        }
        catch (JsonException)
        {
            return BatchStatus.NotJson;
        }

        parts = found;
        return found.Count == 0 ? BatchStatus.Empty : BatchStatus.Ok;
    }
}
