using Xunit;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;

namespace Mimir.Protocol.Tests.Translation;

public sealed class ServerRequestTests
{
    private const string Titled = """{"type":"object","properties":{"a":{"type":"string","oneOf":[{"const":"x","title":"X"},{"const":"y","title":"Y"}] } } }""";
    private const string Named = """{"type":"object","properties":{"a":{"type":"string","enum":["x","y"],"enumNames":["X","Y"] } } }""";

    [Theory]
    [InlineData(",\"params\":{\"mode\":\"form\",\"message\":\"m\",\"requestedSchema\":" + Titled + "}", ",\"params\":{\"message\":\"m\",\"requestedSchema\":" + Named + "}")]
    [InlineData(",\"params\":{ \"message\":\"m\" , \"mode\":\"form\" }", ",\"params\":{ \"message\":\"m\" }")]
    [InlineData(",\"params\":{\"mode\":\"form\"}", ",\"params\":{}")]
    [InlineData(",\"params\":{\"message\":\"mode\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"mode\":{\"type\":\"string\"}}}}", null)]
    [InlineData(",\"params\":[\"mode\"]", null)]
    [InlineData("", null)]
    public void Shape_Elicitation_IsInTheWordsOf20250618(string parameters, string? expected)
    {
        const string Head = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"elicitation/create\"";
        var frame = Frames.Scan(Head + parameters + "}", out var envelope);

        Assert.Equal(expected is not null, ServerRequest.Shape(frame, envelope, Revision.V2025_06_18, out var shaped));

        Assert.Equal(expected is null ? "" : Head + expected + "}", Frames.Text(shaped));
        Assert.False(ServerRequest.Shape(frame, envelope, Revision.V2025_11_25, out _));
    }

    [Fact]
    public void Shape_RequestsOfOtherKinds_AreLeft()
    {
        var frame = Frames.Scan("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"roots/list\",\"params\":{\"mode\":\"form\"}}", out var envelope);

        Assert.False(ServerRequest.Shape(frame, envelope, Revision.V2024_11_05, out _));
    }
}
