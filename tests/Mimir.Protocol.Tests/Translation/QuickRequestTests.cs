using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

/// <summary>The short way says the same as the long one.</summary>
public sealed class QuickRequestTests
{
    private const string Version = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";
    private const string Info = "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"c\",\"version\":\"1\"}";
    private const string Capabilities = "\"io.modelcontextprotocol/clientCapabilities\":{\"roots\":{}}";

    [Theory]
    [InlineData("{\"_meta\":{" + Version + "," + Info + "," + Capabilities + "},\"name\":\"x\"}")]
    [InlineData("{\"name\":\"x\",\"_meta\":{" + Version + "," + Capabilities + "}}")]
    [InlineData("{\"_meta\":{" + Version + "}}")]
    [InlineData("{ \"name\" : \"x\" , \"_meta\" : { " + Version + " , " + Info + " } , \"arguments\" : { \"a\" : 1 } }")]
    [InlineData("{\"_meta\":{\"progressToken\":1," + Version + "," + Capabilities + "},\"name\":\"x\"}")]
    [InlineData("{\"_meta\":{" + Version + "," + Capabilities + ",\"progressToken\":\"t\"},\"name\":\"x\"}")]
    [InlineData("{\"_meta\":{\"a\":1 , " + Version + "," + Info + " , \"b\":2},\"name\":\"x\"}")]
    public void TryStrip_StandsTogether_SaysWhatTheLongWaySays(string parameters)
    {
        var frame = Frame(parameters);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));

        Assert.True(QuickRequest.TryStrip(frame, envelope, out var stretch));

        var splices = default(SpliceList);
        splices.Replace(stretch, default);
        var output = new ArrayBufferWriter<byte>();
        Assert.True(ModernRequest.ToLegacy(frame, envelope, output));
        Same(output.WrittenSpan.ToArray(), splices.Apply(frame));
    }

    [Theory]
    [InlineData("{\"_meta\":{" + Version + ",\"a\":1," + Info + "},\"name\":\"x\"}")]
    [InlineData("{\"_meta\":{" + Version + "},\"requestState\":\"s\"}")]
    [InlineData("{\"_meta\":{" + Version + "},\"inputResponses\":{}}")]
    [InlineData("{\"_meta\":{" + Version + "},\"task\":{}}")]
    [InlineData("{\"\\u005fmeta\":{" + Version + "}}")]
    [InlineData("{\"_meta\":{\"a\":1}}")]
    public void TryStrip_DoesNotStandTogether_IsLeftToTheLongWay(string parameters)
    {
        var frame = Frame(parameters);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));

        Assert.False(QuickRequest.TryStrip(frame, envelope, out _));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ }")]
    [InlineData("{\"name\":\"x\",\"arguments\":{\"text\":\"a\\nb\"}}")]
    [InlineData("{\"_meta\":{},\"name\":\"x\"}")]
    [InlineData("{\"name\":\"x\",\"_meta\":{ \"progressToken\" : 7 }}")]
    public void TryStamp_UsualRequest_SaysWhatTheLongWaySays(string parameters)
    {
        var frame = Frame(parameters);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));

        Assert.True(QuickRequest.TryStamp(frame, envelope, out var change));

        var splices = default(SpliceList);
        splices.Replace(change.Range, change.Lead);
        splices.Replace(change.Range, Encoding.UTF8.GetBytes(Version + "," + Info + "," + Capabilities));
        splices.Replace(change.Range, change.Tail);
        var output = new ArrayBufferWriter<byte>();
        var stamp = new Stamp
        {
            ProtocolVersion = "2026-07-28"u8,
            ClientCapabilities = "{\"roots\":{}}"u8,
            ClientInfo = "{\"name\":\"c\",\"version\":\"1\"}"u8,
        };
        Assert.True(LegacyRequest.ToModern(frame, envelope, output, stamp));
        Same(output.WrittenSpan.ToArray(), splices.Apply(frame));
    }

    [Theory]
    [InlineData("{\"_meta\":1}")]
    [InlineData("{\"task\":{}}")]
    [InlineData("{\"_meta\":{" + Info + "}}")]
    [InlineData("{\"_meta\":{\"\\u0069o\":1}}")]
    [InlineData("{\"requestState\":\"s\"}")]
    public void TryStamp_MoreDiffers_IsLeftToTheLongWay(string parameters)
    {
        var frame = Frame(parameters);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));

        Assert.False(QuickRequest.TryStamp(frame, envelope, out _));
    }

    private static byte[] Frame(string parameters) => Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":" + parameters + "}");

    private static void Same(byte[] expected, byte[] actual)
    {
        using var one = JsonDocument.Parse(expected);
        using var other = JsonDocument.Parse(actual);
        Assert.True(JsonElement.DeepEquals(one.RootElement, other.RootElement), $"{Encoding.UTF8.GetString(expected)}\n{Encoding.UTF8.GetString(actual)}");
    }
}
