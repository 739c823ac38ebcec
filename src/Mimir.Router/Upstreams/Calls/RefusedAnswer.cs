using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Model;

namespace Mimir.Router.Upstreams.Calls;

/// <summary>
/// Looks once more at a message the scanner refused: an answer that cannot be passed on still says whose it is, and who waits for it
/// need not wait until the call times out.
/// </summary>
internal static class RefusedAnswer
{
    /// <summary>The id of the call whose caller is to be told why it gets no answer; 0 when it is no answer, or when that is not beyond doubt.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="status">Why it is refused.</param>
    /// <param name="relatedId">The request on whose response stream it came, or 0.</param>
    public static long IdOf(ReadOnlySpan<byte> frame, ScanStatus status, long relatedId) =>
        status != ScanStatus.NotJson && IdOf(frame) is var id && (relatedId == 0 || id == relatedId) ? id : 0;

    private static long IdOf(ReadOnlySpan<byte> frame)
    {
        // Depth costs this reader a bit a level, and the length of a message is bounded.
        var reader = new Utf8JsonReader(frame, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var id = 0L;
        var isAnswer = false;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return 0;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("method"u8))
                {
                    return 0;
                }

                var isId = reader.ValueTextEquals("id"u8);
                isAnswer |= reader.ValueTextEquals("result"u8) || reader.ValueTextEquals("error"u8);
                reader.Read();
                if (isId && (id != 0 || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out id)))
                {
                    return 0;
                }

                reader.Skip();
            }

            return isAnswer ? id : 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>What is wrong with an answer, to be said behind "an answer".</summary>
    public static string Describe(ScanStatus status, LimitsModel limits) => status switch
    {
        ScanStatus.TooDeep => $"nested deeper than {limits.MaxDepth} levels (limits.maxDepth)",
        ScanStatus.DuplicateKey => "in which a key that decides something stands twice",
        _ => "that is no JSON-RPC 2.0 message",
    };
}
