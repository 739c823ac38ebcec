using System.Diagnostics;
using System.Text;
using Mimir.Protocol.Sse;
using Xunit;

namespace Mimir.Protocol.Tests.Sse;

public sealed class SseLimitTests
{
    private const int Limit = 64 * 1024;
    private const int Chunk = 4096;

    public static TheoryData<string, string> Floods { get; } = new()
    {
        { "data: ", "x" },
        { "data: x\n", "data: y\n" },
        { "", "data\n" },
        { "", "data:\r\n" },
        { "data: x\n", "q\r\n" },
        { "", "event: x\n" },
        { "", "id: x\n" },
        { "retry: ", "1" },
        { "unknown", "x" },
        { ": ", "x" },
        { "data: x\n: ", "x" },
        { "\uFEFF", "x" },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public void TryRead_EndlessEvent_ThrowsAndStaysSmall(string start, string repeated)
    {
        var chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, Chunk / repeated.Length)));
        using var parser = new SseParser(Limit);
        parser.Append(Encoding.UTF8.GetBytes(start));
        var fed = 0L;
        var largestRoom = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SseLimitException>(() =>
        {
            // A parser that did not keep its promise would take 64 MiB here instead of a little over its limit.
            while (fed < 1024L * Limit)
            {
                Assert.False(parser.TryRead(out _));
                var room = parser.GetMemory();
                largestRoom = Math.Max(largestRoom, room.Length);
                var count = Math.Min(room.Length, chunk.Length);
                chunk.AsSpan(0, count).CopyTo(room.Span);
                parser.Advance(count);
                fed += count;
            }
        });

        Assert.Equal(Limit, error.Limit);
        Assert.InRange(fed, 1, (4 * Limit) + (2 * Chunk));
        Assert.InRange(largestRoom, 1, 4 * Limit);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * Limit);
        Assert.Throws<SseLimitException>(() => parser.TryRead(out _));
        Assert.Throws<SseLimitException>(() => parser.GetMemory());
        Assert.Throws<SseLimitException>(() => parser.Append("\n\ndata: x\n\n"u8));
    }

    [Theory]
    [InlineData("data: 3456\n\n", 10, true)]
    [InlineData("data: 34567\n\n", 10, false)]
    [InlineData("data: 3\nid: 1\n\n", 12, true)]
    [InlineData("data: 3\nid: 1\n\n", 11, false)]
    [InlineData("data: 3\r\nid: 1\r\n\r\n", 12, true)]
    [InlineData(":2345678\n\n", 8, true)]
    [InlineData(":2345678\n\n", 7, false)]
    public void TryRead_AtTheLimit_CountsLinesWithoutTheirEnds(string stream, int limit, bool fits)
    {
        foreach (var chunk in new[] { 1, stream.Length })
        {
            using var parser = new SseParser(limit);
            var events = Mimir.Fuzz.Oracles.SseDriver.Run(parser, Encoding.ASCII.GetBytes(stream), _ => chunk);
            Assert.Equal(fits, events.LimitHit == 0);
        }
    }

    [Fact]
    public void TryRead_ManyCommentsInOneEvent_CountNothing()
    {
        using var parser = new SseParser(Limit);
        parser.Append("data: x\n"u8);
        for (var i = 0; i < 10_000; i++)
        {
            parser.Append(": keep-alive and some more text\n"u8);
            Assert.False(parser.TryRead(out _));
            Assert.InRange(parser.GetMemory().Length, 1, Limit);
        }

        parser.Append("\n"u8);
        Assert.True(parser.TryRead(out var e));
        Assert.Equal("x"u8, e.Data.Span);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("event")]
    public void TryRead_LongIdOrType_Throws(string field)
    {
        using var parser = new SseParser();
        parser.Append(Encoding.ASCII.GetBytes($"{field}: {new string('x', SseParser.MaxNameBytes)}\ndata: x\n\n"));
        Assert.True(parser.TryRead(out _));
        parser.Append(Encoding.ASCII.GetBytes($"{field}: {new string('x', SseParser.MaxNameBytes + 1)}\n"));
        Assert.Equal(SseParser.MaxNameBytes, Assert.Throws<SseLimitException>(() => parser.TryRead(out _)).Limit);
    }

    [Fact]
    public void TryRead_EventsBeforeTheLimit_AreAllGiven()
    {
        using var parser = new SseParser(16);
        parser.Append("data: 1\n\ndata: 2\n\ndata: 3 and much too much\n\n"u8);
        Assert.True(parser.TryRead(out _));
        Assert.True(parser.TryRead(out var e));
        Assert.Equal("2"u8, e.Data.Span);
        Assert.Throws<SseLimitException>(() => parser.TryRead(out _));
    }

    [Fact]
    public void TryRead_SteadyStream_AllocatesNothing()
    {
        var stream = Encoding.ASCII.GetBytes($"event: message\nid: 12\ndata: {new string('x', 300)}\n\n: keep-alive\n\ndata: a\ndata: b\n\n");
        using var parser = new SseParser();
        Assert.Equal(2, Drain(parser, stream));
        Assert.Equal(0, Allocations.Steady(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                Drain(parser, stream);
            }
        }));
    }

    [Fact]
    public void GetMemory_AfterOneLargeEvent_ShrinksAgain()
    {
        using var parser = new SseParser();
        Drain(parser, Encoding.ASCII.GetBytes($"data: {new string('x', 4 << 20)}\n\n"));
        Assert.True(parser.GetMemory().Length > 1 << 20);
        for (var i = 0; i < 100; i++)
        {
            Drain(parser, "data: small\n\n"u8.ToArray());
        }

        Assert.InRange(parser.GetMemory().Length, 1, 64 * 1024);
    }

    [Fact]
    public void TryRead_LargeEventByteByByte_TakesLinearTime()
    {
        // A parser that looked at old bytes again would do 10^12 steps here and not come back.
        var stream = Encoding.ASCII.GetBytes($"data: {new string('x', 1 << 20)}\n\n");
        using var parser = new SseParser();
        var watch = Stopwatch.StartNew();
        var events = 0;
        foreach (var b in stream)
        {
            parser.Append([b]);
            while (parser.TryRead(out var e))
            {
                Assert.Equal(1 << 20, e.Data.Length);
                events++;
            }
        }

        Assert.Equal(1, events);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    private static int Drain(SseParser parser, byte[] stream)
    {
        parser.Append(stream);
        var events = 0;
        while (parser.TryRead(out _))
        {
            events++;
        }

        return events;
    }
}
