using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Model;

/// <summary>One entry of <c>clusters</c> as a human wrote it.</summary>
/// <param name="Name">The key before its entry.</param>
/// <param name="Source">Its entry; the place is that of the key.</param>
public sealed record ClusterConfig(string Name, ConfigMember Source)
{
    /// <summary><c>balancer</c>.</summary>
    public Setting<string> Balancer { get; init; }

    /// <summary><c>stickyArgument</c>.</summary>
    public Setting<string> StickyArgument { get; init; }
}
