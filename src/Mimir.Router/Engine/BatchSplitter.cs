using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>Cuts a JSON-RPC batch (2025-03-26) into its messages.</summary>
public static class BatchSplitter
{
    /// <summary>Splits.</summary>
    /// <param name="frame">A JSON array.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="problem">Why there are no parts, or null.</param>
    /// <returns>Copies of the messages; none when there is a problem.</returns>
    public static IReadOnlyList<byte[]> Split(ReadOnlySpan<byte> frame, LimitsModel limits, out RouterError? problem)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var parts = new List<byte[]>();
        problem = null;
        try
        {
            var reader = new Utf8JsonReader(frame, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                parts.Add(frame[start..(int)reader.BytesConsumed].ToArray());
                if (parts.Count > limits.MaxBatch)
                {
                    problem = new RouterError(ErrorCodes.InvalidRequest, $"More than {limits.MaxBatch} messages in a batch (limits.maxBatch).") { HttpStatus = 400 };
                    return [];
                }
            }

            if (parts.Count == 0)
            {
                problem = new RouterError(ErrorCodes.InvalidRequest, "An empty batch.") { HttpStatus = 400 };
            }

            reader.Read();
        }
        catch (JsonException)
        {
            problem = new RouterError(ErrorCodes.ParseError, "Not valid JSON.") { HttpStatus = 400 };
            return [];
        }

        return parts;
    }
}
