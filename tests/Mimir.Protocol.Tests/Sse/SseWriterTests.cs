using System.Buffers;
using System.Text;
using Mimir.Fuzz.Oracles;
using Mimir.Protocol.Sse;
using Xunit;

namespace Mimir.Protocol.Tests.Sse;

public sealed class SseWriterTests
{
    [Fact]
    public void Write_AllFields_ArePutInOrder()
    {
        var output = new ArrayBufferWriter<byte>();
        SseWriter.Write(output, "{\"a\":1}"u8, "message"u8, "s-1"u8, 3000);
        Assert.Equal("event: message\nid: s-1\nretry: 3000\ndata: {\"a\":1}\n\n", Text(output));
    }

    [Fact]
    public void Write_DataAlone_IsOneLine()
    {
        var output = new ArrayBufferWriter<byte>();
        SseWriter.Write(output, "{}"u8);
        Assert.Equal("data: {}\n\n", Text(output));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{\n\"a\":1\r\n}\r", "{\n\"a\":1\n}\n")]
    [InlineData("\n\n", "\n\n")]
    [InlineData("\r\n\r\n", "\n\n")]
    [InlineData("\r\r", "\n\n")]
    [InlineData("\n\r", "\n\n")]
    [InlineData(" leading", " leading")]
    [InlineData("id: x\ndata: y\n\nevent: z", "id: x\ndata: y\n\nevent: z")]
    [InlineData("\u2028\uFEFF\0", "\u2028\uFEFF\0")]
    [InlineData(": no comment", ": no comment")]
    public void Write_AnyData_ComesBackAsOneEvent(string data, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        var output = new ArrayBufferWriter<byte>();
        SseWriter.Write(output, bytes, id: "1"u8);
        AssertOneEvent(expected, output);

        // The same in two pieces, cut anywhere: a CR and its LF may be parted.
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            output = new ArrayBufferWriter<byte>();
            SseWriter.Write(output, Pieces(bytes[..cut], [], bytes[cut..]), id: "1"u8);
            AssertOneEvent(expected, output);
        }
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void Write_LineBreakInTypeOrId_Throws(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal("type", Assert.Throws<ArgumentException>(() => SseWriter.Write(output, "x"u8, type: bytes)).ParamName);
        Assert.Equal("id", Assert.Throws<ArgumentException>(() => SseWriter.Write(output, "x"u8, id: bytes)).ParamName);
    }

    [Fact]
    public void Write_NegativeRetry_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SseWriter.Write(new ArrayBufferWriter<byte>(), "x"u8, retryMs: -1));

    [Fact]
    public void BeginAndEnd_AroundOwnData_MakeAnEvent()
    {
        var output = new ArrayBufferWriter<byte>();
        SseWriter.Begin(output, id: "9"u8);
        output.Write("{}"u8);
        SseWriter.End(output);
        Assert.Equal("id: 9\ndata: {}\n\n", Text(output));
    }

    [Theory]
    [InlineData("a b\tc", false)]
    [InlineData("a\n", true)]
    [InlineData("\r", true)]
    public void HasLineBreak_AnyData_FindsCrAndLf(string data, bool expected) =>
        Assert.Equal(expected, SseWriter.HasLineBreak(Encoding.UTF8.GetBytes(data)));

    [Theory]
    [InlineData("hello", 1)]
    [InlineData("a\nb\r\ndata: c\n\ndata: d", 5)]
    public void WriteComment_AnyText_IsOnlyComments(string text, int lines)
    {
        var output = new ArrayBufferWriter<byte>();
        SseWriter.WriteComment(output, Encoding.UTF8.GetBytes(text));
        using var parser = new SseParser();
        Assert.Empty(SseDriver.Run(parser, output.WrittenSpan, n => n).Events);
        Assert.Equal(lines, parser.Comments);
        Assert.False(parser.HasPartialEvent);
    }

    [Fact]
    public void KeepAlive_Read_IsOneComment()
    {
        using var parser = new SseParser();
        Assert.Empty(SseDriver.Run(parser, SseWriter.KeepAlive, n => n).Events);
        Assert.Equal(1, parser.Comments);
    }

    private static void AssertOneEvent(string expected, ArrayBufferWriter<byte> output)
    {
        using var parser = new SseParser();
        var e = Assert.Single(SseDriver.Run(parser, output.WrittenSpan, n => n).Events);
        Assert.Equal(expected, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(e.Data)));
        Assert.Equal("1", e.Id);
        Assert.False(parser.HasPartialEvent);
    }

    private static ReadOnlySequence<byte> Pieces(params byte[][] pieces)
    {
        var first = new Piece(pieces[0], null);
        var last = first;
        foreach (var piece in pieces.Skip(1))
        {
            last = new Piece(piece, last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static string Text(ArrayBufferWriter<byte> output) => Encoding.UTF8.GetString(output.WrittenSpan);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, Piece? before)
        {
            Memory = bytes;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
