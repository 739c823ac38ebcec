using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>Names of clusters, and what is said of them.</summary>
internal sealed class ClusterRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in config.Servers)
        {
            if (server.Cluster.HasValue)
            {
                named.Add(server.Cluster.Value);
                if (ServerNameRules.Fault(server.Cluster.Value) is var (message, remedy))
                {
                    issues.Error(server.Cluster.Source!, message, remedy);
                }
            }
        }

        foreach (var cluster in config.Clusters)
        {
            CheckMembers(cluster, named, issues);
            CheckSticky(cluster, issues);
        }
    }

    private static void CheckMembers(ClusterConfig cluster, HashSet<string> named, IssueList issues)
    {
        if (named.Contains(cluster.Name))
        {
            return;
        }

        var nearest = NearestName.Find(cluster.Name, named);
        issues.Warning(
            cluster.Source.Mark,
            cluster.Source.Value.Path,
            "has no effect: no server is a member of this cluster",
            nearest is null ? $"Write \"cluster\": \"{Legible.Text(cluster.Name)}\" in its servers, or remove it" : $"Did you mean {Legible.Text(nearest)}?");
    }

    private static void CheckSticky(ClusterConfig cluster, IssueList issues)
    {
        if (cluster.StickyArgument.IsGiven && (cluster.Balancer.HasValue || !cluster.Balancer.IsGiven) && cluster.Balancer.Or("priority") != "sticky")
        {
            issues.Error(cluster.StickyArgument.Source!, "goes with balancer sticky", "Write \"balancer\": \"sticky\", or remove it");
        }
    }
}
