namespace Mimir.Protocol.Envelopes;

/// <summary>Keys of <c>_meta</c> that the specification reserves.</summary>
public static class MetaKeys
{
    /// <summary>The revision a modern request speaks.</summary>
    public static ReadOnlySpan<byte> ProtocolVersion => "io.modelcontextprotocol/protocolVersion"u8;

    /// <summary>What the client of a modern request can do.</summary>
    public static ReadOnlySpan<byte> ClientCapabilities => "io.modelcontextprotocol/clientCapabilities"u8;

    /// <summary>Which log messages a modern request wants.</summary>
    public static ReadOnlySpan<byte> LogLevel => "io.modelcontextprotocol/logLevel"u8;

    /// <summary>Who the client of a modern request says it is.</summary>
    public static ReadOnlySpan<byte> ClientInfo => "io.modelcontextprotocol/clientInfo"u8;

    /// <summary>Who a modern server says it is.</summary>
    public static ReadOnlySpan<byte> ServerInfo => "io.modelcontextprotocol/serverInfo"u8;

    /// <summary>The id of the listen request a notification belongs to.</summary>
    public static ReadOnlySpan<byte> SubscriptionId => "io.modelcontextprotocol/subscriptionId"u8;

    /// <summary>The task (v1) a message belongs to.</summary>
    public static ReadOnlySpan<byte> RelatedTask => "io.modelcontextprotocol/related-task"u8;
}
