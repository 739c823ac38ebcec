using System.Buffers;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class TaskWriterTests
{
    [Theory]
    [InlineData(
        """{"task":{"taskId":"1","status":"working","createdAt":"c","ttl":60000,"pollInterval":50,"own":[1],"_meta":{}},"_meta":{}}""",
        """{"resultType":"task","taskId":"new","status":"working","ttlMs":60000,"pollIntervalMs":50,"createdAt":"c","own":[1]}""")]
    [InlineData(
        """{"statusMessage":"s","status":"working","taskId":"1"}""",
        """{"resultType":"task","taskId":"new","status":"working","ttlMs":null,"statusMessage":"s"}""")]
    [InlineData(
        """{"ttl":null,"st\u0061tus":"w\u006frking","taskId":"1"}""",
        """{"resultType":"task","taskId":"new","status":"working","ttlMs":null}""")]
    public void WriteModern_Task_HasTheTimesUnderTheirOtherNames(string result, string expected) =>
        Assert.Equal(expected, Modern(result, TaskPhase.Working, "task", "", ""));

    [Fact]
    public void WriteModern_WithItsEnd_CarriesIt() => Assert.Equal(
        """{"resultType":"complete","taskId":"new","status":"completed","ttlMs":1,"result":{"a":1}}""",
        Modern("""{"taskId":"1","status":"failed","ttl":1}""", TaskPhase.Completed, "complete", "result", """{"a":1}"""));

    [Theory]
    [InlineData(
        """{"resultType":"complete","taskId":"1","status":"completed","ttlMs":5,"pollIntervalMs":7,"result":{"content":[]},"x":1,"_meta":{"s":1}}""",
        """{"taskId":"1","status":"completed","ttl":5,"pollInterval":7,"x":1}""")]
    [InlineData(
        """{"taskId":"1","status":"completed","result":{"isError":true}}""",
        """{"taskId":"1","status":"failed","ttl":null}""")]
    [InlineData(
        """{"taskId":"1","status":"input_required","ttlMs":null,"inputRequests":{"a":{}}}""",
        """{"taskId":"1","status":"input_required","ttl":null}""")]
    [InlineData(
        """{"taskId":"1","status":"failed","error":{"code":1}}""",
        """{"taskId":"1","status":"failed","ttl":null}""")]
    public void WriteLegacy_Task_SaysNothingOfItsEnd(string result, string expected)
    {
        var (frame, task) = Read(result);
        var output = new ArrayBufferWriter<byte>();
        TaskWriter.WriteLegacy(frame, task, task.Id.Of(frame), output);
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("""{"status":"working"}""")]
    [InlineData("""{"taskId":"1"}""")]
    [InlineData("""{"taskId":"1","status":"paused"}""")]
    [InlineData("""{"taskId":1,"status":"working"}""")]
    [InlineData("""[]""")]
    public void TryRead_NoTask_IsFalse(string result)
    {
        var frame = Frame(result);
        EnvelopeScanner.Scan(frame, 64, out var envelope);
        Assert.False(TaskObject.TryRead(frame, envelope, out _));
    }

    [Theory]
    [InlineData("50", 50L)]
    [InlineData("1.5e3", 1500L)]
    [InlineData("-1", null)]
    [InlineData("1e300", null)]
    [InlineData("\"50\"", null)]
    public void TryRead_PollInterval_IsTakenWhereItMakesSense(string said, long? expected) =>
        Assert.Equal(expected, Read($$"""{"taskId":"1","status":"working","pollInterval":{{said}}}""").Task.PollMs);

    private static string Modern(string result, TaskPhase phase, string type, string name, string value)
    {
        var (frame, task) = Read(result);
        var output = new ArrayBufferWriter<byte>();
        TaskWriter.WriteModern(frame, task, "new"u8, phase, Encoding.UTF8.GetBytes(type), Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static (byte[] Frame, TaskObject Task) Read(string result)
    {
        var frame = Frame(result);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        Assert.True(TaskObject.TryRead(frame, envelope, out var task));
        return (frame, task);
    }

    private static byte[] Frame(string result) => Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""");
}
