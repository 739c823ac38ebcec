namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>limits</c> of a server: what its processes may use of the machine.</summary>
public static class ServerLimitsKeys
{
    private const long MiB = 1 << 20;
    private const long GiB = 1 << 30;

    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("limits of a server", "mcpServers.NAME.limits", [
        new("memory", KeyType.Size, "Most memory it may use: all of it together in a cgroup or a job, else each of its processes. A program that goes over it is ended, or fails by itself.")
        { Min = 16 * MiB, Max = 1024 * GiB, Example = "\"512MiB\"" },
        new("processes", KeyType.Count, "Most processes and threads it may have. Beyond them it can start no more.")
        { Min = 1, Max = 1_000_000, Example = "200" },
        new("openFiles", KeyType.Count, "Most files, pipes and sockets that each of its processes may have open.")
        { Min = 16, Max = 1_000_000, Example = "1024" },
    ])
    { Definition = "serverLimits" };
}
