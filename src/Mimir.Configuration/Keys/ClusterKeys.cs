namespace Mimir.Configuration.Keys;

/// <summary>The keys of one entry of <c>clusters</c>.</summary>
public static class ClusterKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("a cluster", "clusters.NAME", [
        new("balancer", KeyType.Choice, "Who gets a call of the members with the lowest priority number that can take it: the first configured (priority), each in its turn (round-robin), the one with the fewest calls open (least-requests), of two at random the one with fewer (power-of-two), or always the same one (sticky).")
        {
            Choices = ["priority", "round-robin", "least-requests", "power-of-two", "sticky"],
            Spellings =
            [
                new("roundRobin", "round-robin"), new("round_robin", "round-robin"), new("leastRequests", "least-requests"),
                new("least_requests", "least-requests"), new("powerOfTwo", "power-of-two"), new("power_of_two", "power-of-two"),
            ],
            Default = "\"priority\"", Example = "\"round-robin\"",
        },
        new("stickyArgument", KeyType.Text, "The argument of a tool whose value decides which member gets the call; calls without it go by the client. With balancer sticky only.")
        { Aliases = ["sticky_argument"], Min = 1, Max = 128, Example = "\"path\"" },
    ])
    { Definition = "cluster" };
}
