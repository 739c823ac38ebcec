namespace Mimir.Router.Model.Routing;

/// <summary>Servers that stand for one another: what several of them offer is listed once.</summary>
/// <param name="Name">Its name, which the members give as theirs.</param>
public sealed record ClusterModel(string Name)
{
    /// <summary>Who gets a call. Default the first in order.</summary>
    public BalancerKind Balancer { get; init; } = BalancerKind.Priority;

    /// <summary>The argument whose value decides with <see cref="BalancerKind.Sticky"/>; null for the client.</summary>
    public string? StickyArgument { get; init; }
}
