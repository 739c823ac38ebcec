using System.Text;
using Mimir.Fuzz.Oracles;
using Mimir.Protocol.Sse;

namespace Mimir.Fuzz.Targets;

/// <summary>
/// The event stream parser against a plain reading of the standard, against the parser of the runtime, and against itself with the
/// stream cut elsewhere.
/// </summary>
public sealed class SseTarget : FuzzTarget
{
    private readonly SseParser _parser = new();
    private readonly FuzzRandom _chunks = new(0);

    /// <inheritdoc/>
    public override string Name => "sse";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Tokens { get; } = Words(
        "data", "data:", "data: ", "event: ", "event: message\n", "id: ", "id:", "id\n", "retry: ", "retry: 3000\n", ": ", ":\n", "\n", "\r", "\r\n", "\n\n",
        "\r\r", "\r\n\r\n", "\u00EF\u00BB\u00BF", "\u00EF\u00BB", "\0", "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n", "id: 1\ndata: \n\n", " ", "99999999999");

    /// <inheritdoc/>
    public override ulong Check(ReadOnlySpan<byte> input)
    {
        _chunks.SeedFrom(input);
        var limit = _chunks.OneIn(32) ? 1 + _chunks.Below(200) : SseParser.DefaultMaxEventBytes;
        var (expected, overLimit) = new SseReference(limit, SseParser.MaxNameBytes).Parse(input);
        var largestChunk = _chunks.Below(3) switch { 0 => 1, 1 => 8, _ => 1 + (input.Length / 2) };
        if (limit == SseParser.DefaultMaxEventBytes)
        {
            Compare("whole", Used(), input, int.MaxValue, expected, overLimit);
            Compare("in chunks", Used(), input, largestChunk, expected, overLimit);
        }
        else
        {
            using var whole = new SseParser(limit);
            Compare("whole, limited", whole, input, int.MaxValue, expected, overLimit);
            using var chunked = new SseParser(limit);
            Compare("in chunks, limited", chunked, input, largestChunk, expected, overLimit);
        }

        if (!overLimit)
        {
            CompareWithRuntime(input, expected);
        }

        return Signature(expected, overLimit);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _parser.Dispose();
        base.Dispose();
    }

    /// <summary>The one parser that reads all streams of the run, so that whatever it fails to forget shows in the next.</summary>
    private SseParser Used()
    {
        _parser.Reset();
        _parser.Append("id:\n\n"u8);
        FuzzException.Unless(_parser.TryRead(out var e) && e.Id.IsEmpty, "a parser cannot be used again");
        _parser.Reset();
        return _parser;
    }

    private static void CompareWithRuntime(ReadOnlySpan<byte> input, List<ObservedEvent> expected)
    {
        // The runtime reports only events with data; their type and id it reads as text, so those are compared where they are ASCII.
        var theirs = SseOfRuntime.Parse(input);
        var ours = expected.FindAll(e => e.HasData);
        FuzzException.Unless(ours.Count == theirs.Count, $"the runtime sees {theirs.Count} events with data, we {ours.Count}");
        for (var i = 0; i < ours.Count; i++)
        {
            FuzzException.Unless(ours[i].Data == theirs[i].Data, $"the runtime sees other data in event {i}");
            FuzzException.Unless(!Ascii.IsValid(ours[i].Id) || ours[i].Id == theirs[i].Id, $"the runtime sees another id in event {i}");
        }
    }

    private static ulong Signature(List<ObservedEvent> events, bool overLimit)
    {
        var signature = (Bucket(events.Count) << 1) | (overLimit ? 1UL : 0);
        foreach (var e in events.Count > 2 ? events[..2] : events)
        {
            signature = (signature << 7) | (e.HasData ? 1UL : 0) | (e.HasId ? 2UL : 0) | (e.RetryMs is null ? 0UL : 4) | (e.Type == "message" ? 8UL : 0)
                | (e.Id.Length == 0 ? 0UL : 16) | (e.Data.Length == 0 ? 0UL : 32) | (e.Data.Contains('\n', StringComparison.Ordinal) ? 64UL : 0);
        }

        return signature;
    }

    /// <summary>Reads the input with a parser that has read many others before, and compares each event while it is there.</summary>
    private void Compare(string how, SseParser parser, ReadOnlySpan<byte> input, int largestChunk, List<ObservedEvent> expected, bool overLimit)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var length = input.Length;
        var count = 0;
        var isOverLimit = false;
        try
        {
            while (!input.IsEmpty)
            {
                var chunk = Math.Min(input.Length, largestChunk == int.MaxValue ? int.MaxValue : 1 + _chunks.Below(largestChunk));
                parser.Append(input[..chunk]);
                input = input[chunk..];
                while (parser.TryRead(out var e))
                {
                    FuzzException.Unless(count < expected.Count, $"{how}: an event more than the {expected.Count} expected: {ObservedEvent.Of(e)}");
                    FuzzException.Unless(expected[count].Is(e), $"{how}: event {count} is {ObservedEvent.Of(e)}, expected {expected[count]}");
                    count++;
                }
            }
        }
        catch (SseLimitException)
        {
            isOverLimit = true;
        }

        CheckAllocation(before, length);
        FuzzException.Unless(isOverLimit == overLimit, $"{how}: over the limit: {isOverLimit}, expected: {overLimit}");
        FuzzException.Unless(count == expected.Count, $"{how}: {count} events, expected {expected.Count}");
    }
}
