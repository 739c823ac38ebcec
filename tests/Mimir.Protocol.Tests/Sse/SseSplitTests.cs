using Mimir.Fuzz.Oracles;
using Mimir.Protocol.Sse;
using Xunit;

namespace Mimir.Protocol.Tests.Sse;

public sealed class SseSplitTests
{
    private const int PairsUpTo = 160;

    [Theory]
    [MemberData(nameof(SseSamples.Names), MemberType = typeof(SseSamples))]
    public void TryRead_CutAtEveryPoint_GivesTheSameEvents(string sample)
    {
        var stream = SseSamples.Read(sample);
        var expected = Parse(stream);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            AssertSame(expected, Parse(stream, cut), $"cut at {cut}");
        }
    }

    [Theory]
    [MemberData(nameof(SseSamples.Names), MemberType = typeof(SseSamples))]
    public void TryRead_CutAtEveryPairOfPoints_GivesTheSameEvents(string sample)
    {
        // Long samples are made of parts that the short ones have as well; pairs of cuts grow with the square.
        var stream = SseSamples.Read(sample);
        stream = stream[..Math.Min(stream.Length, PairsUpTo)];
        var expected = Parse(stream);
        for (var first = 0; first <= stream.Length; first++)
        {
            for (var second = first; second <= stream.Length; second++)
            {
                AssertSame(expected, Parse(stream, first, second), $"cut at {first} and {second}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(SseSamples.Names), MemberType = typeof(SseSamples))]
    public void TryRead_AnySample_AgreesWithTheReferenceAndTheRuntime(string sample)
    {
        var stream = SseSamples.Read(sample);
        var ours = Parse(stream);
        AssertSame(new SseReference(SseParser.DefaultMaxEventBytes, SseParser.MaxNameBytes).Parse(stream).Events, ours, "reference");
        Assert.Equal(SseOfRuntime.Parse(stream), ours.Where(e => e.HasData).Select(e => (e.Data, e.Id)));
    }

    [Fact]
    public void Samples_AsAWhole_HoldEveryKindOfEvent()
    {
        // Guards the tests above against samples that went missing.
        var events = SseSamples.Names.SelectMany(n => Parse(SseSamples.Read(n.Data))).ToList();
        Assert.Contains(events, e => e is { HasId: true, HasData: true, Data: "" });
        Assert.Contains(events, e => e is { HasData: false });
        Assert.Contains(events, e => e.RetryMs is not null);
        Assert.Contains(events, e => e.Type == "endpoint");
        Assert.Contains(events, e => e.Data.Contains('\n', StringComparison.Ordinal));
        Assert.True(events.Count >= 15);
    }

    private static List<ObservedEvent> Parse(byte[] stream, params ReadOnlySpan<int> cuts)
    {
        using var parser = new SseParser();
        var ends = new Queue<int>([.. cuts, stream.Length]);
        var at = 0;
        var (events, limitHit) = SseDriver.Run(parser, stream, _ =>
        {
            while (ends.Peek() == at)
            {
                ends.Dequeue();
            }

            var chunk = ends.Peek() - at;
            at = ends.Peek();
            return chunk;
        });
        Assert.Equal(0, limitHit);
        return events;
    }

    private static void AssertSame(List<ObservedEvent> expected, List<ObservedEvent> actual, string where) =>
        Assert.True(expected.SequenceEqual(actual), $"{where}: {string.Join("; ", actual)} instead of {string.Join("; ", expected)}");
}
