namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>healthCheck</c> of a server.</summary>
public static class HealthKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("healthCheck", "mcpServers.NAME.healthCheck", [
        new("enabled", KeyType.Flag, "Whether it is asked at all.")
        { Default = "true", Example = "true" },
        new("interval", KeyType.Duration, "Between two questions, a tenth more or less.")
        { Aliases = ["interval_seconds"], Default = "\"30s\"", Min = 100, Max = 86_400_000, Example = "\"30s\"" },
        new("timeout", KeyType.Duration, "Longest wait for an answer.")
        { Aliases = ["timeout_seconds"], Default = "\"5s\"", Min = 10, Max = 3_600_000, Example = "\"5s\"" },
        new("failureThreshold", KeyType.Count, "Questions in a row without a good answer until it gets no calls. One good answer ends that.")
        { Aliases = ["failure_threshold"], Default = "2", Min = 1, Max = 100, Example = "2" },
        new("endpoint", KeyType.Text, "What is fetched over HTTP instead of asking over MCP: an address, or a path at the server's own host such as /health. It is well with any status from 200 to 299. With url only.")
        { Min = 1, Max = 8192, Example = "\"/health\"" },
    ])
    { Definition = "healthCheck" };
}
