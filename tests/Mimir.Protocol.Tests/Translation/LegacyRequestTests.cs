using System.Buffers;
using System.Text.Json.Nodes;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class LegacyRequestTests
{
    private const string Version = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";
    private const string Small = $"{Version},\"io.modelcontextprotocol/clientCapabilities\":{{}}";
    private const string Whole =
        $"{Version},\"io.modelcontextprotocol/clientInfo\":{{\"name\":\"c\"}},\"io.modelcontextprotocol/clientCapabilities\":{{\"roots\":{{}}}},"
        + "\"io.modelcontextprotocol/logLevel\":\"info\"";

    [Theory]
    [InlineData(",\"params\":{}", $",\"params\":{{\"_meta\":{{{Small}}}}}")]
    [InlineData("", $",\"params\":{{\"_meta\":{{{Small}}}}}")]
    [InlineData(",\"params\":{ \"name\":\"x\" }", $",\"params\":{{\"_meta\":{{{Small}}},\"name\":\"x\"}}")]
    [InlineData(",\"params\":{\"_meta\":{}}", $",\"params\":{{\"_meta\":{{{Small}}}}}")]
    [InlineData(",\"params\":{\"a\":1.0,\"_meta\" : { \"progressToken\" : 7 },\"b\":\"\\u0031\"}",
        $",\"params\":{{\"a\":1.0,\"_meta\" : {{{Small},\"progressToken\" : 7}},\"b\":\"\\u0031\"}}")]
    [InlineData(",\"params\":{\"_meta\":{\"k\":1,\"io.modelcontextprotocol\\/logLevel\":\"debug\",\"io.modelcontextprotocol/clientInfo\":1}}",
        $",\"params\":{{\"_meta\":{{{Small},\"k\":1}}}}")]
    [InlineData(",\"params\":{\"task\":{\"ttl\":1},\"a\":1,\"inputResponses\":{},\"b\":2,\"request\\u0053tate\":\"s\"}",
        $",\"params\":{{\"_meta\":{{{Small}}},\"a\":1,\"b\":2}}")]
    [InlineData(",\"params\":{\"_meta\":null,\"a\":1}", $",\"params\":{{\"_meta\":{{{Small}}},\"a\":1}}")]
    public void ToModern_SmallStamp_StandsInMeta(string given, string expected) =>
        Assert.Equal(Around(expected), Translate(Around(given), new Stamp { ProtocolVersion = "2026-07-28"u8, ClientCapabilities = default }));

    [Fact]
    public void ToModern_WholeStamp_StandsInMetaAndParams()
    {
        var stamp = new Stamp
        {
            ProtocolVersion = "2026-07-28"u8,
            ClientInfo = "{\"name\":\"c\"}"u8,
            ClientCapabilities = "{\"roots\":{}}"u8,
            LogLevel = "info"u8,
            InputResponses = "{\"k\":{\"roots\":[]}}"u8,
            RequestState = "\"\\u0041\""u8,
        };

        Assert.Equal(
            Around($",\"params\":{{\"a\":1,\"_meta\":{{{Whole},\"k\":1}},\"inputResponses\":{{\"k\":{{\"roots\":[]}}}},\"requestState\":\"\\u0041\"}}"),
            Translate(Around(",\"params\":{\"a\":1,\"_meta\":{\"k\":1}}"), stamp));
        Assert.Equal(
            Around($",\"params\":{{\"_meta\":{{{Whole}}},\"inputResponses\":{{\"k\":{{\"roots\":[]}}}},\"requestState\":\"\\u0041\"}}"),
            Translate(Around(""), stamp));
    }

    [Fact]
    public void ToModern_ParamsThatAreAnArray_WritesNothing() =>
        Assert.Null(Translate(Around(",\"p\\u0061rams\":[1]"), new Stamp { ProtocolVersion = "v"u8, ClientCapabilities = "{}"u8 }));

    [Fact]
    public void ToModern_AndBack_IsTheSameRequest()
    {
        var random = new Random(11);
        var meta = new RandomJson(random, "progressTok", "traceparent", "io.modelcontextprotocol/other", "a");
        var @params = new RandomJson(random, "arguments", "context", "b", "c");
        for (var i = 0; i < 3_000; i++)
        {
            var text = Around(",\"params\":" + @params.Object(4, false, random.Next(2) == 0 ? [] : [("_meta", meta.Object(3))]));
            var stamp = new Stamp { ProtocolVersion = "2026-07-28"u8, ClientInfo = "{}"u8, ClientCapabilities = "{}"u8, RequestState = "\"s\""u8 };
            var modern = Translate(text, stamp)!;
            var frame = Frames.Scan(modern, out var envelope);
            Assert.True(envelope.ClaimsModern);

            var output = new ArrayBufferWriter<byte>();
            Assert.True(ModernRequest.ToLegacy(frame, envelope, output));
            var expected = Frames.Parse(text)!;
            var had = expected["params"]!.AsObject();
            _ = had["_meta"] is JsonObject { Count: 0 } && had.Remove("_meta");
            Frames.AssertSame(expected, Frames.Text(output));
        }
    }

    private static string Around(string @params) => $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"{@params}}} ";

    private static string? Translate(string text, in Stamp stamp)
    {
        var frame = Frames.Scan(text, out var envelope);
        var output = new ArrayBufferWriter<byte>();
        var done = LegacyRequest.ToModern(frame, envelope, output, stamp);
        Assert.Equal(done, output.WrittenCount > 0);
        return done ? Frames.Text(output) : null;
    }
}
