namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>retry</c>.</summary>
public static class RetryKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("retry", "retry", [
        new("maxRetries", KeyType.Count, "Most times a call is sent again, 0 for never.")
        { Aliases = ["max_retries", "max_attempts"], Default = "6", Min = 0, Max = 100, Example = "6" },
        new("firstBackoff", KeyType.Duration, "The pause before the first; half of it is left to chance.")
        { Aliases = ["first_backoff"], Default = "\"50ms\"", Min = 1, Max = 60_000, Example = "\"50ms\"" },
        new("multiplier", KeyType.Number, "How many times longer each pause is than the one before.")
        { Aliases = ["backoff_multiplier"], Default = "2", Min = 1, Max = 10, Example = "2" },
        new("maxBackoff", KeyType.Duration, "The longest pause. Where a server asks for a longer one, the call ends with its error.")
        { Aliases = ["max_backoff", "max_backoff_seconds"], Default = "\"10s\"", Min = 1, Max = 3_600_000, Example = "\"10s\"" },
    ]);
}
