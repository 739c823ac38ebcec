namespace Mimir.Eras.Server;

/// <summary>The reserved keys of <c>_meta</c>.</summary>
internal static class MetaKeys
{
    public const string ProtocolVersion = "io.modelcontextprotocol/protocolVersion";
    public const string ClientCapabilities = "io.modelcontextprotocol/clientCapabilities";
    public const string ClientInfo = "io.modelcontextprotocol/clientInfo";
    public const string LogLevel = "io.modelcontextprotocol/logLevel";
    public const string ServerInfo = "io.modelcontextprotocol/serverInfo";
    public const string SubscriptionId = "io.modelcontextprotocol/subscriptionId";
    public const string RelatedTask = "io.modelcontextprotocol/related-task";

    /// <summary>The extension of tasks, a key of <c>extensions</c>.</summary>
    public const string Tasks = "io.modelcontextprotocol/tasks";

    /// <summary>Those that only the modern era has.</summary>
    public static readonly string[] Modern = [ProtocolVersion, ClientCapabilities, ClientInfo, LogLevel];
}
