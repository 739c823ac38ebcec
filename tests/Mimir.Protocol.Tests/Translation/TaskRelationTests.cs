using System.Buffers;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class TaskRelationTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t"}},"a":1}""")]
    [InlineData("""{}""", """{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t"}}}""")]
    [InlineData("""{"a":1,"_meta":{"b":2}}""", """{"a":1,"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t"},"b":2}}""")]
    [InlineData("""{"_meta":{}}""", """{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t"}}}""")]
    public void WriteResult_AnyResult_SaysTheTask(string result, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        TaskRelation.WriteResult(Encoding.UTF8.GetBytes(result), "t"u8, output);
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("""{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t"}},"a":1}""", """{"_meta":{},"a":1}""")]
    [InlineData("""{"_meta":{"b":2,"io.modelcontextprotocol/related-task":{"taskId":"t"}}}""", """{"_meta":{"b":2}}""")]
    public void Remove_ThereIsOne_TakesItOut(string result, string expected)
    {
        Assert.True(Remove(result, out var without));
        Assert.Equal($$"""{"jsonrpc":"2.0","id":1,"result":{{expected}}}""", without);
    }

    [Theory]
    [InlineData("""{"_meta":{"b":2}}""")]
    [InlineData("""{"a":{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t"}}}}""")]
    public void Remove_ThereIsNone_IsFalse(string result) => Assert.False(Remove(result, out _));

    private static bool Remove(string result, out string without)
    {
        var frame = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""");
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        var removed = TaskRelation.Remove(frame, envelope, out var bytes);
        without = Encoding.UTF8.GetString(bytes);
        return removed;
    }
}
