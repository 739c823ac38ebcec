namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>routing</c> of a backends file.</summary>
public static class RoutingKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("routing", "routing", [
        new("default_strategy", KeyType.Choice, "The strategy of routes that name none. With fallback, of those that have fallback_to.")
        { Choices = ["path", "capability", "fallback"], Default = "\"capability\"", Example = "\"capability\"" },
        new("enable_namespace_prefixing", KeyType.Flag, "Whether namespaces stand before names. Without them, of equal names the first backend's is shown.")
        { Default = "true", Example = "true" },
        new("request_timeout_seconds", KeyType.Duration, "callTimeout of backends that have none of their own.")
        { Min = 100, Max = 86_400_000, Example = "30" },
        new("retry", KeyType.Group, "How a call is sent again that did not run, or does no harm if it runs twice.")
        { Group = RetryKeys.Table, Example = """{ "max_attempts": 3 }""" },
        new("capability_cache_ttl_seconds", KeyType.Count, "")
        { Use = KeyUse.Ignored, Instead = "Remove it: a list is read anew when its server says that it has changed, and after each connection, so none grows old" },
    ]);
}
