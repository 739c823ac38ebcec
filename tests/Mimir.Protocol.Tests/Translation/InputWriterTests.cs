using System.Buffers;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class InputWriterTests
{
    [Theory]
    [InlineData("\"roots/list\"", "{\"method\":\"roots/list\"}", null)]
    [InlineData("\"roots/list\",\"params\":{\"_meta\":{\"progressToken\":1}}", "{\"method\":\"roots/list\",\"params\":{}}", null)]
    [InlineData("\"sampling\\/createMessage\",\"params\":{\"task\":{},\"messages\" : [1.0],\"_meta\":1,\"elicitationId\":\"x\" }",
        "{\"method\":\"sampling/createMessage\",\"params\":{\"messages\" : [1.0],\"elicitationId\":\"x\" }}", null)]
    [InlineData("\"elicitation/create\",\"params\":{\"mode\":\"url\",\"elicitation\\u0049d\":\"a\\u0041\",\"url\":\"https://x\"}",
        "{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"https://x\"}}", "a\\u0041")]
    [InlineData("\"elicitation/create\",\"params\":{\"message\":\"\\u00e9\",\"elicitationId\":5}",
        "{\"method\":\"elicitation/create\",\"params\":{\"message\":\"\\u00e9\"}}", null)]
    [InlineData("\"elicitation/create\",\"params\":{\"message\":\"m\"}", "{\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\"}}", null)]
    [InlineData("\"tools/call\",\"params\":{}", null, null)]
    [InlineData("\"elicitation/create\",\"params\":[1]", null, null)]
    public void WriteEntry_RequestOfALegacyServer_IsAnEntry(string request, string? expected, string? expectedId)
    {
        var frame = Frames.Scan($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":{request}}}", out var envelope);
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(expected is not null, InputWriter.WriteEntry(frame, envelope, output, out var id));
        Assert.Equal(expected ?? "", Frames.Text(output));
        Assert.Equal(expectedId, id.Exists ? Encoding.UTF8.GetString(id.Of(frame)) : null);
    }

    [Fact]
    public void WriteEntry_NoRequest_IsNone()
    {
        var frame = Frames.Scan("{\"jsonrpc\":\"2.0\",\"method\":\"roots/list\"}", out var envelope);
        Assert.False(InputWriter.WriteEntry(frame, envelope, new ArrayBufferWriter<byte>(), out _));
    }

    [Theory]
    [InlineData("\"roots/list\"", "\"roots/list\"", "\"roots/list\"")]
    [InlineData("\"roots/list\",\"params\":{\"_meta\":1,\"a\":1.0}", "\"roots/list\",\"params\":{\"a\":1.0}", "\"roots/list\",\"params\":{\"a\":1.0}")]
    [InlineData("\"elicitation/create\",\"params\":{\"mode\":\"form\",\"message\":\"m\",\"task\":{}}",
        "\"elicitation/create\",\"params\":{\"message\":\"m\"}", "\"elicitation/create\",\"params\":{\"mode\":\"form\",\"message\":\"m\"}")]
    [InlineData("\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"u\",\"elicitationId\":\"theirs\"}",
        "\"elicitation/create\",\"params\":{\"url\":\"u\"}", "\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"u\",\"elicitationId\":\"ours\"}")]
    [InlineData("\"sampling/createMessage\",\"params\":{\"messages\":[{\"content\":[{\"type\":\"text\"}]}],\"mode\":1}",
        "\"sampling/createMessage\",\"params\":{\"messages\":[{\"content\":{\"type\":\"text\"}}],\"mode\":1}",
        "\"sampling/createMessage\",\"params\":{\"messages\":[{\"content\":[{\"type\":\"text\"}]}],\"mode\":1}")]
    public void WriteRequest_Entry_IsARequestOfTheRevision(string entry, string inJune, string inNovember)
    {
        Assert.Equal($"{{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":{inJune}}}", Request(entry, Revision.V2025_06_18));
        Assert.Equal($"{{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":{inNovember}}}", Request(entry, Revision.V2025_11_25));
    }

    [Theory]
    [InlineData("{\"type\":\"string\",\"oneOf\":[{\"const\":\"a\",\"title\":\"A\"}, {\"title\":\"\\u0042\",\"const\":\"b\"}],\"default\":\"a\"}",
        "{\"type\":\"string\",\"enum\":[\"a\",\"b\"],\"enumNames\":[\"A\",\"\\u0042\"],\"default\":\"a\"}")]
    [InlineData("{\"any\\u004ff\":[{\"const\":\"a\"}]}", "{\"enum\":[\"a\"],\"enumNames\":[\"a\"]}")]
    [InlineData("{\"type\":\"number\",\"oneOf\":[{\"const\":\"a\"}]}", null)]
    [InlineData("{\"oneOf\":[{\"const\":1,\"title\":\"A\"}]}", null)]
    [InlineData("{\"oneOf\":[{\"const\":\"a\"},{\"type\":\"string\"}]}", null)]
    [InlineData("{\"oneOf\":[{\"const\":\"a\"}],\"anyOf\":[{\"const\":\"b\"}]}", null)]
    [InlineData("{\"enum\":[\"a\"],\"oneOf\":[{\"const\":\"a\"}]}", null)]
    [InlineData("{\"oneOf\":[]}", null)]
    [InlineData("{\"oneOf\":{\"const\":\"a\"}}", null)]
    [InlineData("{\"type\":\"array\",\"items\":{\"anyOf\":[{\"const\":\"a\",\"title\":\"A\"}]}}", null)]
    [InlineData("\"oneOf\"", null)]
    public void WriteRequest_TitledChoices_AreNamedTheOldWay(string property, string? expected)
    {
        string Entry(string p) => $"\"elicitation/create\",\"params\":{{\"requestedSchema\":{{\"type\":\"object\",\"properties\":{{\"x\":{p},\"y\":{p}}},\"oneOf\":[]}}}}";

        Assert.Equal($"{{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":{Entry(expected ?? property)}}}", Request(Entry(property), Revision.V2025_06_18));
        Assert.Equal($"{{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":{Entry(property)}}}", Request(Entry(property), Revision.V2025_11_25));
    }

    [Fact]
    public void WriteRequest_RandomEntries_AreMessages()
    {
        var random = new Random(37);
        var json = new RandomJson(random, "requestedSchema", "properties", "oneOf", "const", "title", "mode", "messages", "content", "_meta", "task", "elicitationId");
        for (var i = 0; i < 5_000; i++)
        {
            var method = new[] { "elicitation/create", "sampling/createMessage", "roots/list" }[i % 3];
            var schema = $"{{\"properties\":{{\"p\":{{\"oneOf\":[{{\"const\":\"a\"}}],\"x\":{json.Value(2)}}},\"q\":{json.Object(3, true)}}}}}";
            var entry = $"\"{method}\",\"params\":{json.Object(5, i % 2 == 0, ("requestedSchema", schema))}";
            foreach (var to in Revision.All)
            {
                var text = Request(entry, to);
                Frames.AssertJson(Encoding.UTF8.GetBytes(text));
                var status = EnvelopeScanner.Scan(Encoding.UTF8.GetBytes(text), 256, out var envelope);
                Assert.Equal(ScanStatus.Ok, status);
                Assert.Equal(method, McpMethods.NameOf(envelope.Method));
                Assert.False(envelope.AsksForTask || envelope.Meta.Exists);
            }
        }
    }

    private static string Request(string entry, Revision to)
    {
        var frame = Frames.Scan(
            $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{\"resultType\":\"input_required\",\"inputRequests\":{{\"k\":{{\"method\":{entry}}}}}}}}}", out var envelope);
        var asked = new List<InputRequest>();
        Assert.Equal(InputReading.Ok, InputRequests.Read(frame, envelope, asked, out _));
        var output = new ArrayBufferWriter<byte>();
        InputWriter.WriteRequest(frame, asked[0], "\"q1\""u8, "ours"u8, to, output);
        return Frames.Text(output);
    }
}
