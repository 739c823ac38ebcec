using Mimir.Protocol.Sse;

namespace Mimir.Fuzz.Oracles;

/// <summary>Feeds a stream to the parser under test in given chunks and records what it says.</summary>
internal static class SseDriver
{
    /// <summary>Reads the whole stream, cut where <paramref name="nextChunk"/> says (it is given the rest's length).</summary>
    /// <returns>The events, and the limit that was hit; 0 if none.</returns>
    public static (List<ObservedEvent> Events, int LimitHit) Run(SseParser parser, ReadOnlySpan<byte> stream, Func<int, int> nextChunk)
    {
        var events = new List<ObservedEvent>();
        try
        {
            while (true)
            {
                while (parser.TryRead(out var e))
                {
                    events.Add(ObservedEvent.Of(e));
                }

                if (stream.IsEmpty)
                {
                    return (events, 0);
                }

                var chunk = stream[..Math.Clamp(nextChunk(stream.Length), 1, stream.Length)];
                parser.Append(chunk);
                stream = stream[chunk.Length..];
            }
        }
        catch (SseLimitException e)
        {
            return (events, e.Limit);
        }
    }
}
