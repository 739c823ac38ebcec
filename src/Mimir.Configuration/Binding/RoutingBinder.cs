using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads what decides which server takes a call, and when it gets none.</summary>
internal static class RoutingBinder
{
    /// <summary>Reads <c>routes</c> of a server.</summary>
    public static Setting<IReadOnlyList<RouteConfig>> Routes(KeySpec spec, ConfigNode node, ValueReader values, IssueList issues)
    {
        return GroupList.Read(spec, node, issues) is { } items
            ? new Setting<IReadOnlyList<RouteConfig>>([.. items.Select(item => Route(item, values, issues))], node)
            : new Setting<IReadOnlyList<RouteConfig>>(node);
    }

    /// <summary>Reads <c>healthCheck</c> of a server.</summary>
    public static HealthConfig Health(ConfigNode node, ValueReader values, IssueList issues)
    {
        var health = new HealthConfig();
        foreach (var (spec, value) in KnownMembers.Of(node, HealthKeys.Table, issues))
        {
            health = spec.Name switch
            {
                "enabled" => health with { Enabled = values.Flag(spec, value) },
                "interval" => health with { Interval = values.Duration(spec, value) },
                "timeout" => health with { Timeout = values.Duration(spec, value) },
                "failureThreshold" => health with { FailureThreshold = values.Count(spec, value) },
                "endpoint" => health with { Endpoint = values.Text(spec, value) },
                _ => health,
            };
        }

        return health;
    }

    /// <summary>Reads <c>circuitBreaker</c> of a server.</summary>
    public static BreakerConfig Breaker(ConfigNode node, ValueReader values, IssueList issues)
    {
        var breaker = new BreakerConfig();
        foreach (var (spec, value) in KnownMembers.Of(node, BreakerKeys.Table, issues))
        {
            breaker = spec.Name switch
            {
                "enabled" => breaker with { Enabled = values.Flag(spec, value) },
                "failureThreshold" => breaker with { FailureThreshold = values.Count(spec, value) },
                "timeout" => breaker with { Timeout = values.Duration(spec, value) },
                "halfOpenAttempts" => breaker with { HalfOpenAttempts = values.Count(spec, value) },
                _ => breaker,
            };
        }

        return breaker;
    }

    /// <summary>Reads <c>clusters</c>.</summary>
    public static ImmutableArray<ClusterConfig> Clusters(KeySpec spec, ConfigNode node, ValueReader values, IssueList issues) =>
        GroupMap.Read(spec, node, issues, member => Cluster(member, values, issues));

    /// <summary>Reads <c>retry</c>.</summary>
    public static RetryConfig Retry(ConfigNode node, ValueReader values, IssueList issues)
    {
        var retry = new RetryConfig();
        foreach (var (spec, value) in KnownMembers.Of(node, RetryKeys.Table, issues))
        {
            retry = spec.Name switch
            {
                "maxRetries" => retry with { MaxRetries = values.Count(spec, value) },
                "firstBackoff" => retry with { FirstBackoff = values.Duration(spec, value) },
                "multiplier" => retry with { Multiplier = values.Number(spec, value) },
                "maxBackoff" => retry with { MaxBackoff = values.Duration(spec, value) },
                _ => retry,
            };
        }

        return retry;
    }

    private static RouteConfig Route(ConfigNode node, ValueReader values, IssueList issues)
    {
        var route = new RouteConfig(node);
        foreach (var (spec, value) in KnownMembers.Of(node, RouteKeys.Table, issues))
        {
            route = spec.Name switch
            {
                "pattern" => route with { Pattern = values.Text(spec, value) },
                "strategy" => route with { Strategy = values.Choice(spec, value) },
                "fallbackTo" => route with { FallbackTo = values.TextOrList(spec, value) },
                _ => route,
            };
        }

        return route;
    }

    private static ClusterConfig Cluster(ConfigMember member, ValueReader values, IssueList issues)
    {
        var cluster = new ClusterConfig(member.Name, member);
        foreach (var (spec, value) in KnownMembers.Of(member.Value, ClusterKeys.Table, issues))
        {
            cluster = spec.Name switch
            {
                "balancer" => cluster with { Balancer = values.Choice(spec, value) },
                "stickyArgument" => cluster with { StickyArgument = values.Text(spec, value) },
                _ => cluster,
            };
        }

        return cluster;
    }
}
