using System.Collections.Immutable;
using Mimir.Configuration.Model;
using Mimir.Configuration.Validation;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Compilation;

/// <summary>Turns what decides about calls, in a configuration without errors, into models.</summary>
internal static class RoutingCompiler
{
    /// <summary>Fills in what a server says of it.</summary>
    /// <param name="model">The server so far.</param>
    /// <param name="config">As it was written.</param>
    /// <param name="running">The names of the servers that are offered: nothing falls back to others.</param>
    public static ServerModel With(ServerModel model, ServerConfig config, IReadOnlySet<string> running) => model with
    {
        Cluster = config.Cluster.HasValue ? config.Cluster.Value : null,
        Priority = config.Priority.Or(model.Priority),
        Routes = [.. config.Routes.Or([]).Select(route => Route(route, running))],
        Health = config.Health is { } health ? Health(health, model.Transport) : null,
        Breaker = config.Breaker is { } breaker ? Breaker(breaker) : null,
        AttemptTimeout = Duration.Or(config.AttemptTimeout, model.AttemptTimeout),
        Idempotent = [.. config.Idempotent.Or([]).Select(pattern => pattern.Value.Value)],
        MaxConcurrent = config.MaxConcurrent.Or(model.MaxConcurrent),
        MaxQueued = config.MaxQueued.HasValue ? config.MaxQueued.Value : null,
    };

    /// <summary>What is said of clusters.</summary>
    public static ImmutableArray<ClusterModel> Clusters(ImmutableArray<ClusterConfig> config) =>
    [
        .. config.Select(cluster => new ClusterModel(cluster.Name)
        {
            Balancer = cluster.Balancer.Or("") switch
            {
                "round-robin" => BalancerKind.RoundRobin,
                "least-requests" => BalancerKind.LeastRequests,
                "power-of-two" => BalancerKind.PowerOfTwo,
                "sticky" => BalancerKind.Sticky,
                _ => BalancerKind.Priority,
            },
            StickyArgument = cluster.StickyArgument.HasValue ? cluster.StickyArgument.Value : null,
        }),
    ];

    /// <summary>How calls are sent again.</summary>
    public static RetryModel Retry(RetryConfig config)
    {
        var defaults = new RetryModel();
        return new RetryModel
        {
            MaxRetries = config.MaxRetries.Or(defaults.MaxRetries),
            FirstBackoff = Duration.Or(config.FirstBackoff, defaults.FirstBackoff),
            Multiplier = config.Multiplier.Or(defaults.Multiplier),
            MaxBackoff = Duration.Or(config.MaxBackoff, defaults.MaxBackoff),
        };
    }

    private static RouteRule Route(RouteConfig config, IReadOnlySet<string> running) => new(
        config.Pattern.Value,
        config.Strategy.Or("") switch
        {
            "path" => RouteStrategy.Path,
            "fallback" => RouteStrategy.Fallback,
            _ => RouteStrategy.Capability,
        },
        [.. config.FallbackTo.Or([]).Select(name => name.Value.Value).Where(running.Contains)]);

    private static HealthModel Health(HealthConfig config, TransportModel transport)
    {
        var defaults = new HealthModel();
        return new HealthModel
        {
            IsEnabled = config.Enabled.Or(defaults.IsEnabled),
            Interval = Duration.Or(config.Interval, defaults.Interval),
            Timeout = Duration.Or(config.Timeout, defaults.Timeout),
            FailureThreshold = config.FailureThreshold.Or(defaults.FailureThreshold),
            Endpoint = config.Endpoint.HasValue && transport is HttpModel http ? Endpoint(config.Endpoint.Value, http) : null,
        };
    }

    /// <summary>A path stands at the server's own host and port, whatever the path of its address.</summary>
    private static Uri Endpoint(string endpoint, HttpModel http) =>
        HealthRules.IsPath(endpoint)
            ? new Uri(http.Url.GetLeftPart(UriPartial.Authority) + endpoint, UriKind.Absolute)
            : new Uri(endpoint, UriKind.Absolute);

    private static BreakerModel Breaker(BreakerConfig config)
    {
        var defaults = new BreakerModel();
        return new BreakerModel
        {
            IsEnabled = config.Enabled.Or(defaults.IsEnabled),
            FailureThreshold = config.FailureThreshold.Or(defaults.FailureThreshold),
            Timeout = Duration.Or(config.Timeout, defaults.Timeout),
            HalfOpenAttempts = config.HalfOpenAttempts.Or(defaults.HalfOpenAttempts),
        };
    }
}
