namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>circuitBreaker</c> of a server.</summary>
public static class BreakerKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("circuitBreaker", "mcpServers.NAME.circuitBreaker", [
        new("enabled", KeyType.Flag, "Whether there is one.")
        { Default = "true", Example = "true" },
        new("failureThreshold", KeyType.Count, "Failures in a row until it opens. An answer that says isError is an answer, and a client that left is no failure.")
        { Aliases = ["failure_threshold"], Default = "5", Min = 1, Max = 10_000, Example = "5" },
        new("timeout", KeyType.Duration, "How long it is open before calls try whether the server is back.")
        { Aliases = ["timeout_seconds"], Default = "\"60s\"", Min = 10, Max = 86_400_000, Example = "\"60s\"" },
        new("halfOpenAttempts", KeyType.Count, "Calls that try it, at most that many at a time. When as many have succeeded it closes; when one fails it is open again.")
        { Aliases = ["half_open_attempts"], Default = "3", Min = 1, Max = 1000, Example = "3" },
    ])
    { Definition = "circuitBreaker" };
}
