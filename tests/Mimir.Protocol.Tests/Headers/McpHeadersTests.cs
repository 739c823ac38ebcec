using Mimir.Protocol.Headers;
using Xunit;

namespace Mimir.Protocol.Tests.Headers;

public sealed class McpHeadersTests
{
    [Fact]
    public void Names_AsWritten_AreThoseOfTheSpecification() =>
        Assert.Equal(
            ["MCP-Protocol-Version", "Mcp-Session-Id", "Mcp-Method", "Mcp-Name", "Mcp-Param-", "Last-Event-ID"],
            [McpHeaders.ProtocolVersion, McpHeaders.SessionId, McpHeaders.Method, McpHeaders.Name, McpHeaders.ParamPrefix, McpHeaders.LastEventId]);
}
