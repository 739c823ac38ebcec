namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>limits</c>: one for each bound of the router.</summary>
public static class LimitsKeys
{
    private const long KiB = 1 << 10;
    private const long GiB = 1 << 30;
    private const long Second = 1000;
    private const long Hour = 3_600_000;

    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("limits", "limits", [
        new("maxMessageBytes", KeyType.Size, "Largest single message, any transport, either direction.")
        { Default = "\"16MiB\"", Min = 64 * KiB, Max = GiB, Example = "\"16MiB\"" },
        new("maxDepth", KeyType.Count, "Deepest nesting of JSON in a message.")
        { Default = "64", Min = 8, Max = 256, Example = "64" },
        new("maxBatch", KeyType.Count, "Most messages in one JSON-RPC batch.")
        { Default = "100", Min = 1, Max = 10_000, Example = "100" },
        new("maxInFlight", KeyType.Count, "Most requests one client session may have open.")
        { Default = "1024", Min = 1, Max = 65_536, Example = "1024" },
        new("maxQueuedBytes", KeyType.Size, "What may wait for one slow reader before notifications to it are dropped.")
        { Default = "\"4MiB\"", Min = 64 * KiB, Max = GiB, Example = "\"4MiB\"" },
        new("maxSessions", KeyType.Count, "Most legacy client sessions at a time.")
        { Default = "10000", Min = 1, Max = 1_000_000, Example = "10000" },
        new("sessionIdle", KeyType.Duration, "A legacy client session with no traffic and no open stream ends after this.")
        { Default = "\"1h\"", Min = Second, Max = 168 * Hour, Example = "\"1h\"" },
        new("maxParked", KeyType.Count, "Most calls of modern clients that wait, at legacy servers, for what their clients were asked.")
        { Default = "10000", Min = 1, Max = 1_000_000, Example = "10000" },
        new("parkTimeout", KeyType.Duration, "How long a client has to answer what a server of another era asked in the middle of a call.")
        { Default = "\"10m\"", Min = Second, Max = 24 * Hour, Example = "\"10m\"" },
        new("maxProcesses", KeyType.Count, "Most processes of servers at a time. What would need another is refused until one has ended.")
        { Default = "256", Min = 1, Max = 65_536, Example = "256" },
        new("maxProcessMemory", KeyType.Size, "Memory that the processes of servers may hold together when another is to be started; one more is refused until they hold less.")
        { Default = "\"1024GiB\"", Min = 16 * 1024 * KiB, Max = 65_536 * GiB, Example = "\"8GiB\"" },
        new("listGrace", KeyType.Duration, "Longest a list waits for servers that are not ready.")
        { Default = "\"3s\"", Min = 0, Max = 60 * Second, Example = "\"3s\"" },
        new("pageSize", KeyType.Count, "Most entries in one page of a list.")
        { Default = "1000", Min = 1, Max = 100_000, Example = "1000" },
    ]);
}
