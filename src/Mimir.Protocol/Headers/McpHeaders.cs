namespace Mimir.Protocol.Headers;

/// <summary>Names of the HTTP headers of MCP, in the spelling of the specification. Names are compared without regard to case.</summary>
public static class McpHeaders
{
    /// <summary>The revision a request is written in: every request of 2026-07-28, and of 2025-06-18 and later after <c>initialize</c>.</summary>
    public const string ProtocolVersion = "MCP-Protocol-Version";

    /// <summary>The legacy session. Assigned with the answer to <c>initialize</c>; unknown to 2026-07-28.</summary>
    public const string SessionId = "Mcp-Session-Id";

    /// <summary>Mirrors <c>method</c> of the body; on every request of 2026-07-28.</summary>
    public const string Method = "Mcp-Method";

    /// <summary>Mirrors <c>params.name</c>, <c>params.uri</c> or <c>params.taskId</c> of the body, encoded by <see cref="HeaderValue"/>.</summary>
    public const string Name = "Mcp-Name";

    /// <summary>What a header that mirrors an argument of a tool begins with; see <see cref="ParamHeaders"/>.</summary>
    public const string ParamPrefix = "Mcp-Param-";

    /// <summary>Where a broken legacy stream is to be resumed.</summary>
    public const string LastEventId = "Last-Event-ID";
}
