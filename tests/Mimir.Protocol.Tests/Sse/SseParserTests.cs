using System.Text;
using Mimir.Fuzz.Oracles;
using Mimir.Protocol.Sse;
using Xunit;

namespace Mimir.Protocol.Tests.Sse;

/// <summary>The cases browsers are tested with (event stream format of the web platform), and what MCP adds to them.</summary>
public sealed class SseParserTests
{
    [Theory]
    [InlineData("bom", "\u00EF\u00BB\u00BFdata:1\n\n\u00EF\u00BB\u00BFdata:2\n\ndata:3\n\n", "1|3")]
    [InlineData("two boms", "\u00EF\u00BB\u00BF\u00EF\u00BB\u00BFdata:1\n\ndata:2\n\ndata:3\n\n", "2|3")]
    [InlineData("half a bom", "\u00EF\u00BBdata:1\n\ndata:2\n\n", "2")]
    [InlineData("bom alone on its line", "\u00EF\u00BB\u00BF\ndata:1\n\n", "1")]
    [InlineData("bom before a comment", "\u00EF\u00BB\u00BF: hi\ndata:1\n\n", "1")]
    [InlineData("comments among data", "data:1\r:\0\n:\r\ndata:2\n:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\rdata:3\n:data:fail\r:xxxx\ndata:4\n\n", "1,2,3,4")]
    [InlineData("data before the end", "data:test\r\ndata:test\r\n\r\n", "test,test")]
    [InlineData("data at the end without a blank line", "data:ok\n\ndata:fail", "ok")]
    [InlineData("data at the end without a blank line, line ended", "data:ok\n\ndata:fail\n", "ok")]
    [InlineData("empty field names", "data:1\n:\ndata\n\n", "1,")]
    [InlineData("field names are exact", "data:1\ndatax:2\n data:3\nDATA:4\ndata :5\n\n", "1")]
    [InlineData("leading space", "data:\ttest\rdata: \ndata:test\n\n", "\ttest,,test")]
    [InlineData("one space only", "data:  two\n\n", " two")]
    [InlineData("newlines of all kinds", "data:test\r\ndata\ndata:test\r\n\r", "test,,test")]
    [InlineData("null characters", "data:\0\n\n\n\n", "\0")]
    [InlineData("utf-8 stays", "data:ok\u00E2\u0080\u00A6\n\n", "ok\u00E2\u0080\u00A6")]
    [InlineData("bytes that are no text stay", "data:\u00FF\u00FE\n\n", "\u00FF\u00FE")]
    [InlineData("a field without a colon", "data\n\ndata\ndata\n\ndata:test\n\n", "|,|test")]
    [InlineData("colons in a value", "data:a:b\n\n", "a:b")]
    [InlineData("unknown fields", "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\n\n", "test,")]
    [InlineData("no data, no event", "event:x\n\ndata:1\n\n", "1")]
    public void TryRead_Data_IsThatOfTheStandard(string why, string stream, string events)
    {
        // Events are parted by | and their lines by a comma.
        var actual = string.Join('|', Parse(stream).Select(e => e.Data.Replace('\n', ',')));
        Assert.True(events == actual, $"{why}: {actual}");
    }

    [Theory]
    [InlineData("event:test\ndata:x\n\ndata:x\n\n", "test|message")]
    [InlineData("event: test\ndata:x\n\nevent\ndata:x\n\n", "test|message")]
    [InlineData("event:test\nevent:last\ndata:x\n\n", "last")]
    [InlineData("event:test\nevent:\ndata:x\n\n", "message")]
    [InlineData("event:lost\n\ndata:x\n\n", "message")]
    [InlineData("data:x\nevent: after\n\n", "after")]
    public void TryRead_Type_IsThatOfTheStandard(string stream, string types) =>
        Assert.Equal(types, string.Join('|', Parse(stream).Select(e => e.Type)));

    [Theory]
    [InlineData("id: 1\ndata:x\n\ndata:y\n\n", "1+|1")]
    [InlineData("id: 1\ndata:x\n\nid\ndata:y\n\n", "1+|+")]
    [InlineData("id: 1\ndata:x\n\nid: \0\ndata:y\n\n", "1+|1")]
    [InlineData("id: 1\nid: a\0b\ndata:x\n\n", "1+")]
    [InlineData("id: \u00E2\u0080\u00A6\ndata:x\n\n", "\u00E2\u0080\u00A6+")]
    [InlineData("data:x\nid: after\n\n", "after+")]
    public void TryRead_Id_IsKeptUntilTheNext(string stream, string ids) =>
        Assert.Equal(ids, string.Join('|', Parse(stream).Select(e => e.Id + (e.HasId ? "+" : ""))));

    [Theory]
    [InlineData("3000", 3000)]
    [InlineData("0042", 42)]
    [InlineData("0", 0)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("2147483648", int.MaxValue)]
    [InlineData("99999999999999999999999999", int.MaxValue)]
    [InlineData("", null)]
    [InlineData("1e3", null)]
    [InlineData("-1", null)]
    [InlineData("+1", null)]
    [InlineData("1 ", null)]
    [InlineData("1.0", null)]
    [InlineData("\u00D9\u00A1", null)]
    public void TryRead_Retry_TakesDigitsOnly(string value, int? expected)
    {
        var e = Assert.Single(Parse($"retry: {value}\ndata: x\n\n"));
        Assert.Equal(expected, e.RetryMs);
    }

    [Fact]
    public void TryRead_PrimingEvent_IsReported()
    {
        using var parser = Filled("id: p-1\nretry: 250\ndata: \n\n");
        Assert.True(parser.TryRead(out var e));
        Assert.True(e.IsPriming);
        Assert.True(e.HasData);
        Assert.Equal(250, e.RetryMs);
        Assert.Equal("p-1"u8, parser.LastEventId.Span);
        Assert.Equal(250, parser.RetryMs);
        Assert.False(parser.TryRead(out _));
    }

    [Fact]
    public void TryRead_IdWithoutAnyData_IsReported()
    {
        using var parser = Filled("id: p-1\n\nretry: 9\n\n");
        Assert.True(parser.TryRead(out var e));
        Assert.True(e.IsPriming);
        Assert.False(e.HasData);
        Assert.True(parser.TryRead(out e));
        Assert.False(e.IsPriming);
        Assert.Equal(9, e.RetryMs);
        Assert.False(parser.TryRead(out _));
    }

    [Fact]
    public void LastEventId_EventCutOff_IsThatOfTheLastWholeEvent()
    {
        using var parser = Filled("id: 1\ndata: x\n\nid: 2\ndata: y\n");
        Assert.True(parser.TryRead(out _));
        Assert.False(parser.TryRead(out _));
        Assert.Equal("1"u8, parser.LastEventId.Span);
        Assert.True(parser.HasPartialEvent);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("data: x\n\n", false)]
    [InlineData("data: x\r\r", false)]
    [InlineData("data: x\r\n\r\n", false)]
    [InlineData(": comment", false)]
    [InlineData(": comment\n", false)]
    [InlineData("d", true)]
    [InlineData("data: x", true)]
    [InlineData("data: x\n", true)]
    [InlineData("id: x\n: comment\n", true)]
    public void HasPartialEvent_AtTheEnd_TellsWhetherSomethingWasCutOff(string stream, bool expected)
    {
        using var parser = Filled(stream);
        while (parser.TryRead(out _))
        {
        }

        Assert.Equal(expected, parser.HasPartialEvent);
    }

    [Fact]
    public void Comments_OfAllShapes_AreCounted()
    {
        using var parser = new SseParser();
        foreach (var b in ": a\n:\r\n:b\rdata: x\n: c\n\n: unfinished"u8.ToArray())
        {
            parser.Append([b]);
            while (parser.TryRead(out _))
            {
            }
        }

        Assert.Equal(4, parser.Comments);
    }

    [Fact]
    public void TryRead_OneDataLine_LiesInTheBufferItWasReadInto()
    {
        using var parser = new SseParser();
        var room = parser.GetMemory();
        "event: message\nid: 7\ndata: {\"a\":1}\n\n"u8.CopyTo(room.Span);
        parser.Advance(37);
        Assert.True(parser.TryRead(out var e));
        Assert.True(room.Span.Overlaps(e.Data.Span));
        Assert.Equal("{\"a\":1}"u8, e.Data.Span);
    }

    [Fact]
    public void Reset_AfterABrokenStream_StartsAnewAndKeepsTheId()
    {
        using var parser = Filled("id: 1\ndata: x\n\nid: 2\ndata: half");
        Assert.True(parser.TryRead(out _));
        Assert.False(parser.TryRead(out _));
        parser.Reset();
        Assert.False(parser.HasPartialEvent);
        Assert.Equal("1"u8, parser.LastEventId.Span);
        parser.Append("\uFEFFdata: y\n\n"u8);
        Assert.True(parser.TryRead(out var e));
        Assert.Equal("y"u8, e.Data.Span);
        Assert.Equal("1"u8, e.Id.Span);
        Assert.False(e.HasId);
    }

    [Fact]
    public void Members_AfterDispose_Throw()
    {
        var parser = new SseParser();
        parser.Dispose();
        parser.Dispose();
        Assert.Throws<ObjectDisposedException>(() => parser.TryRead(out _));
        Assert.Throws<ObjectDisposedException>(() => parser.Append("x"u8));
        Assert.Throws<ObjectDisposedException>(() => parser.Advance(0));
    }

    [Fact]
    public void Advance_MoreThanTheRoomGiven_Throws()
    {
        using var parser = new SseParser();
        var room = parser.GetMemory().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => parser.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => parser.Advance(-1));
    }

    private static SseParser Filled(string stream)
    {
        var parser = new SseParser();
        parser.Append(Encoding.Latin1.GetBytes(stream));
        return parser;
    }

    private static List<ObservedEvent> Parse(string stream)
    {
        using var parser = new SseParser();
        return SseDriver.Run(parser, Encoding.Latin1.GetBytes(stream), n => n).Events;
    }
}
