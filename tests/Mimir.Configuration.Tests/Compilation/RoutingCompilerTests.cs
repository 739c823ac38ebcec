using Mimir.Configuration.Keys;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Tests.Compilation;

/// <summary>What decides about calls, from file to model: each key its own member, defaults and bounds those of the router.</summary>
public sealed class RoutingCompilerTests
{
    [Fact]
    public void Route_EachStrategy_IsItsOwn()
    {
        var model = Expect.Clean(Workspace.LoadText("""
            { "mcpServers": {
                "a": { "command": "x", "routes": [
                    { "pattern": "p_*", "strategy": "path" },
                    { "pattern": "c_*", "strategy": "capability" },
                    { "pattern": "d_*" },
                    { "pattern": "f_*", "strategy": "fallback", "fallbackTo": "b" },
                    { "pattern": "g_*", "strategy": "fallback", "fallback_to": ["c", "b"] } ] },
                "b": { "command": "x" },
                "c": { "command": "x" } } }
            """));

        Assert.Equal(
            [
                new RouteRule("p_*", RouteStrategy.Path, []),
                new RouteRule("c_*", RouteStrategy.Capability, []),
                new RouteRule("d_*", RouteStrategy.Capability, []),
                new RouteRule("f_*", RouteStrategy.Fallback, ["b"]),
                new RouteRule("g_*", RouteStrategy.Fallback, ["c", "b"]),
            ],
            model.Servers[0].Routes);
        Assert.Empty(model.Servers[1].Routes);
    }

    [Theory]
    [InlineData("enabled", "false")]
    [InlineData("interval", "7")]
    [InlineData("interval_seconds", "7")]
    [InlineData("timeout", "\"70ms\"")]
    [InlineData("timeout_seconds", "0.07")]
    [InlineData("failureThreshold", "7")]
    [InlineData("failure_threshold", "7")]
    public void Health_EachKey_IsItsOwnMember(string key, string value)
    {
        var expected = key[0] switch
        {
            'e' => new HealthModel { IsEnabled = false },
            'i' => new HealthModel { Interval = TimeSpan.FromSeconds(7) },
            't' => new HealthModel { Timeout = TimeSpan.FromMilliseconds(70) },
            _ => new HealthModel { FailureThreshold = 7 },
        };

        Assert.Equal(expected, Server($"\"healthCheck\": {{ \"{key}\": {value} }}").Health);
        Assert.Equal(expected, Server($"\"health_check\": {{ \"{key}\": {value} }}").Health);
    }

    [Theory]
    [InlineData("http://h:1/mcp", "/health", "http://h:1/health")]
    [InlineData("https://h/a/b?c=d", "/x/y?z", "https://h/x/y?z")]
    [InlineData("http://h:1/mcp", "https://other:9/health", "https://other:9/health")]
    public void HealthEndpoint_PathOrAddress_IsAnAddress(string url, string endpoint, string expected) => Assert.Equal(
        new Uri(expected),
        Expect.Server(Workspace.LoadServer($"\"url\": \"{url}\", \"healthCheck\": {{ \"endpoint\": \"{endpoint}\" }}")).Health!.Endpoint);

    [Theory]
    [InlineData("enabled", "false")]
    [InlineData("failureThreshold", "7")]
    [InlineData("failure_threshold", "7")]
    [InlineData("timeout", "\"7s\"")]
    [InlineData("timeout_seconds", "7")]
    [InlineData("halfOpenAttempts", "7")]
    [InlineData("half_open_attempts", "7")]
    public void Breaker_EachKey_IsItsOwnMember(string key, string value)
    {
        var expected = key[0] switch
        {
            'e' => new BreakerModel { IsEnabled = false },
            'f' => new BreakerModel { FailureThreshold = 7 },
            't' => new BreakerModel { Timeout = TimeSpan.FromSeconds(7) },
            _ => new BreakerModel { HalfOpenAttempts = 7 },
        };

        Assert.Equal(expected, Server($"\"circuitBreaker\": {{ \"{key}\": {value} }}").Breaker);
        Assert.Equal(expected, Server($"\"circuit_breaker\": {{ \"{key}\": {value} }}").Breaker);
    }

    [Fact]
    public void HealthAndBreaker_NotWritten_AreLeftToTheRouter()
    {
        var server = Server("\"priority\": 10");

        Assert.Null(server.Health);
        Assert.Null(server.Breaker);
        Assert.Equal(new HealthModel(), Server("\"healthCheck\": {}").Health);
        Assert.Equal(new BreakerModel(), Server("\"circuitBreaker\": {}").Breaker);
    }

    [Theory]
    [InlineData("maxRetries", "7")]
    [InlineData("max_retries", "7")]
    [InlineData("firstBackoff", "7")]
    [InlineData("first_backoff", "7")]
    [InlineData("multiplier", "1.5")]
    [InlineData("backoff_multiplier", "1.5")]
    [InlineData("maxBackoff", "7")]
    [InlineData("max_backoff", "7")]
    public void Retry_EachKey_IsItsOwnMember(string key, string value)
    {
        var expected = key switch
        {
            "maxRetries" or "max_retries" => new RetryModel { MaxRetries = 7 },
            "firstBackoff" or "first_backoff" => new RetryModel { FirstBackoff = TimeSpan.FromSeconds(7) },
            "maxBackoff" or "max_backoff" => new RetryModel { MaxBackoff = TimeSpan.FromSeconds(7) },
            _ => new RetryModel { Multiplier = 1.5 },
        };

        Assert.Equal(expected, Expect.Clean(Workspace.LoadText($"{{ \"retry\": {{ \"{key}\": {value} }} }}")).Retry);
    }

    [Theory]
    [InlineData("priority", BalancerKind.Priority)]
    [InlineData("round-robin", BalancerKind.RoundRobin)]
    [InlineData("roundRobin", BalancerKind.RoundRobin)]
    [InlineData("least_requests", BalancerKind.LeastRequests)]
    [InlineData("power-of-two", BalancerKind.PowerOfTwo)]
    [InlineData("sticky", BalancerKind.Sticky)]
    public void Cluster_Balancer_IsRead(string written, BalancerKind expected)
    {
        var model = Expect.Clean(Workspace.LoadText(
            $$"""{ "mcpServers": { "a": { "command": "x", "cluster": "c" } }, "clusters": { "c": { "balancer": "{{written}}" } } }"""));

        Assert.Equal([new ClusterModel("c") { Balancer = expected }], model.Clusters);
        Assert.Equal("c", model.Servers[0].Cluster);
    }

    [Fact]
    public void Cluster_StickyArgument_IsRead() => Assert.Equal(
        [new ClusterModel("c") { Balancer = BalancerKind.Sticky, StickyArgument = "user" }],
        Expect.Clean(Workspace.LoadText(
            """{ "mcpServers": { "a": { "command": "x", "cluster": "c" } }, "clusters": { "c": { "balancer": "sticky", "stickyArgument": "user" } } }""")).Clusters);

    [Fact]
    public void Defaults_OfTheTables_AreTheRoutersOwn()
    {
        foreach (var (table, key) in ((KeyTable, string)[])[(HealthKeys.Table, "healthCheck"), (BreakerKeys.Table, "circuitBreaker")])
        {
            var plain = Server($"\"{key}\": {{}}");
            Assert.All(
                table.Keys.Where(spec => spec.Default is not null),
                spec => Assert.Equal(plain, Server($"\"{key}\": {{ \"{spec.Name}\": {spec.Default} }}")));
        }

        Assert.All(
            RetryKeys.Table.Keys,
            spec => Assert.Equal(new RetryModel(), Expect.Clean(Workspace.LoadText($"{{ \"retry\": {{ \"{spec.Name}\": {spec.Default} }} }}")).Retry));
    }

    [Fact]
    public void ServerBounds_BeyondTheTable_AreErrors()
    {
        foreach (var spec in ServerKeys.Table.Keys.Where(spec => spec.Type == KeyType.Count))
        {
            Expect.Error(Workspace.LoadServer($"\"command\": \"x\", \"{spec.Name}\": {spec.Max + 1}"), $"mcpServers.a.{spec.Name}", "too large", spec.Bounds);
        }
    }

    private static ServerModel Server(string body) => Expect.Server(Workspace.LoadServer($"\"command\": \"x\", {body}"));
}
