using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Tests.Backends;

/// <summary>What a backends file means.</summary>
public sealed class BackendsFileTests
{
    private const string One = """
        backends:
          - name: database
            url: http://localhost:8001
            namespace: db
            priority: 10
            routes:
              - pattern: "*_user"
                strategy: path
            health_check:
              enabled: true
              interval_seconds: 30
            circuit_breaker:
              failure_threshold: 5
              timeout_seconds: 60
        """;

    [Fact]
    public void Load_OneBackend_IsAServer()
    {
        var server = Expect.Server(Workspace.LoadBackends(One));

        Assert.Equal(
            new ServerModel
            {
                Name = "database",
                Prefix = "db",
                Transport = new HttpModel(new Uri("http://localhost:8001"), ((HttpModel)server.Transport).Headers, SseOnly: false),
                Priority = 10,
                Routes = [new RouteRule("*_user", RouteStrategy.Path, [])],
                Health = new HealthModel { Interval = TimeSpan.FromSeconds(30) },
                Breaker = new BreakerModel { FailureThreshold = 5, Timeout = TimeSpan.FromSeconds(60), HalfOpenAttempts = 3 },
            },
            server);
    }

    [Fact]
    public void Load_NothingSaidOfNames_HasADotAndAWarning()
    {
        var result = Workspace.LoadYaml(One);

        Expect.Warning(result, "naming.separator", "Claude Desktop, Cursor", "separator: _");
        Assert.Equal(new NamingModel { Separator = "." }, result.Model!.Naming);
        Assert.Equal(PrefixMode.Never, Expect.Clean(Workspace.LoadYaml($"{One}\nrouting: {{ enable_namespace_prefixing: false }}")).Naming.Prefix);
    }

    [Fact]
    public void Load_BackendThatSaysNothing_HasBreakerAndHealthCheck()
    {
        var server = Expect.Server(Workspace.LoadBackends("backends: [{ name: a, url: 'http://h:1/mcp', health_check: { endpoint: null }, namespace: }]"));

        Assert.Equal(new BreakerModel(), server.Breaker);
        Assert.Equal(new HealthModel(), server.Health);
        Assert.Equal(("a", 10, null), (server.Prefix, server.Priority, server.Cluster));
        Assert.Equal(new ServerModel { Name = "x", Prefix = "x", Transport = server.Transport }.CallTimeout, server.CallTimeout);
    }

    [Fact]
    public void Load_TwoOfOneNamespace_AreACluster()
    {
        var model = Expect.Clean(Workspace.LoadBackends("""
            backends:
              - { name: a1, url: "http://h:1/", namespace: a, priority: 1 }
              - { name: a2, url: "http://h:2/", namespace: a, priority: 2 }
              - { name: b, url: "http://h:3/", namespace: b }
            clusters:
              a: { balancer: round-robin }
            """));

        Assert.Equal([("a", "a"), ("a", "a"), ("b", null)], model.Servers.Select(s => (s.Prefix, s.Cluster)));
        Assert.Equal([1, 2, 10], model.Servers.Select(s => s.Priority));
        Assert.Equal([new ClusterModel("a") { Balancer = BalancerKind.RoundRobin }], model.Clusters);
    }

    [Fact]
    public void Load_Command_IsAProcessBesideTheFile()
    {
        using var w = new Workspace();
        w.Environment["KEY"] = "k";
        var file = w.Write("sub/b.yml", """
            backends:
              - name: local
                command: ./server
                args: [--port, 80, "${KEY}"]
                env: { API_KEY: "${KEY}", LEVEL: 3 }
                auto_start: true
                callTimeout: 90
            naming: { separator: _ }
            """);

        var server = Expect.Server(w.Load(file));

        var process = (StdioModel)server.Transport;
        Assert.Equal(Path.Combine(w.Folder, "sub/server"), process.Command);
        Assert.Equal(["--port", "80", "k"], process.Arguments);
        Assert.Equal([new("API_KEY", "k"), new("LEVEL", "3")], process.Environment);
        Assert.Equal((true, TimeSpan.FromSeconds(90)), (server.Autostart, server.CallTimeout));
    }

    [Fact]
    public void Load_Routing_HoldsForAll()
    {
        var model = Expect.Clean(Workspace.LoadBackends("""
            backends:
              - { name: a, source: "http://h:1/", routes: [{ pattern: "x_*" }, { pattern: "y_*", strategy: capability }, { pattern: "z", strategy: fallback, fallback_to: b }] }
              - { name: b, url: "http://h:2/", callTimeout: 7 }
            routing:
              default_strategy: path
              enable_namespace_prefixing: false
              request_timeout_seconds: 12
              retry: { max_attempts: 4, backoff_multiplier: 1.5, max_backoff_seconds: 3 }
            """));

        Assert.Equal([RouteStrategy.Path, RouteStrategy.Capability, RouteStrategy.Fallback], model.Servers[0].Routes.Select(r => r.Strategy));
        Assert.Equal([12, 7], model.Servers.Select(s => (int)s.CallTimeout.TotalSeconds));
        Assert.Equal(PrefixMode.Never, model.Naming.Prefix);
        Assert.Equal(new RetryModel { MaxRetries = 4, Multiplier = 1.5, MaxBackoff = TimeSpan.FromSeconds(3) }, model.Retry);
    }

    [Fact]
    public void Load_DefaultStrategyFallback_IsThatOfRoutesWithSomewhereToGo() => Assert.Equal(
        [RouteStrategy.Fallback, RouteStrategy.Capability],
        Expect.Clean(Workspace.LoadBackends("""
            backends:
              - { name: a, url: "http://h:1/", routes: [{ pattern: "x", fallback_to: [b] }, { pattern: "*" }] }
              - { name: b, url: "http://h:2/" }
            routing: { default_strategy: fallback }
            """)).Servers[0].Routes.Select(r => r.Strategy));

    [Theory]
    [InlineData("backends: [{ nam: a, url: 'http://h/' }]", "backends[0].nam", "is not a key of a backend", "Did you mean name?", 2)]
    [InlineData("backends: [{ url: 'http://h/' }]", "backends[0]", "has no name", "Write", 1)]
    [InlineData("backends: [{ name: a }]", "backends[0]", "has neither command nor url", "", 1)]
    [InlineData("backends: [{ name: a/b, url: 'http://h/' }]", "backends[0]", "slash", "", 1)]
    [InlineData("backends: [{ name: '${A}', url: 'http://h/' }]", "backends[0].name", "takes no variables", "", 1)]
    [InlineData("backends: [{ name: a, url: 'http://h/' }, { name: a, url: 'http://i/' }]", "backends[1]", "has the name of the backend on line 1", "", 1)]
    [InlineData("backends: [{ name: a, url: 'ftp://h/' }]", "backends[0].url", "is no http address", "", 1)]
    [InlineData("backends: [{ name: a, source: 'github:owner/repo' }]", "backends[0].source", "nothing is installed", "command: uvx", 1)]
    [InlineData("backends: [{ name: a, source: some-package }]", "backends[0].source", "nothing is installed", "command: uvx", 1)]
    [InlineData("backends: [{ name: a, source: 'http://h/', url: 'http://h/' }]", "backends[0].source", "says the same as url", "", 1)]
    [InlineData("backends: [{ name: a, url: 'http://h/', prefix: p }]", "backends[0].prefix", "is not taken here", "Write namespace", 1)]
    [InlineData("backends: [{ name: a, url: 'http://h/', priority: high }]", "backends[0].priority", "\"high\" is not a whole number", "0 to 1000000", 1)]
    [InlineData("backends: [{ name: a, url: 'http://h/', health_check: { interval_second: 1 } }]", "backends[0].health_check.interval_second", "is not a key", "Did you mean interval_seconds?", 1)]
    [InlineData("backends: [{ name: a, url: 'http://h/', circuit_breaker: { half_open_attempts: 0 } }]", "backends[0].circuit_breaker.half_open_attempts", "too small", "1 to 1000", 1)]
    [InlineData("backends: [{ name: a, url: 'http://h/', half_open_attempts: 1 }]", "backends[0].half_open_attempts", "is not a key of a backend", "It belongs to backends[].circuitBreaker", 1)]
    [InlineData("backends: [{ name: a, url: 'http://h/', routes: [{ pattern: x, strategy: fallback, fallback_to: b }] }]", "backends[0].routes[0].fallback_to", "no configured server", "", 1)]
    [InlineData("backends: [{ name: a, url: 'http://h/', auto_start: yes }]", "backends[0].auto_start", "\"yes\" is not true or false", "", 1)]
    [InlineData("backends: [{ name: a, url: '${GONE}' }]", "backends[0].url", "the environment variable GONE is not set", "", 1)]
    [InlineData("backends: { a: {} }", "backends", "must be a list", "", 1)]
    [InlineData("backends: [a]", "backends[0]", "must be an object", "", 1)]
    [InlineData("backend: []", "backend", "is not a key of a backends file", "Did you mean backends?", 1)]
    [InlineData("mcpServers: {}\nbackends: []", "mcpServers", "is not taken here", "mimir.json", 1)]
    [InlineData("backends: []\nrouting: { default_strategy: best }", "routing.default_strategy", "not one of path, capability, fallback", "", 2)]
    [InlineData("backends: []\nrouting: { retry: { max_attemps: 1 } }", "routing.retry.max_attemps", "is not a key of retry", "Did you mean max_attempts?", 2)]
    public void Load_Wrong_IsAnErrorAtItsPlace(string yaml, string key, string message, string remedy, int line)
    {
        var result = Workspace.LoadBackends(yaml);

        Assert.Null(result.Model);
        var issue = Assert.Single(result.Issues, issue => issue.Key == key);
        Assert.Contains(message, issue.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, issue.Remedy, StringComparison.Ordinal);
        Assert.InRange(issue.Line, 1, line);
    }

    [Theory]
    [InlineData("backends: [{ name: a, command: x, port: 8100 }]", "backends[0].port", "has no effect")]
    [InlineData("backends: [{ name: a, url: 'http://h/', namespace: my-db }]", "backends[0].namespace", "is my_db before names")]
    [InlineData("backends: []\nrouting: { capability_cache_ttl_seconds: 300 }", "routing.capability_cache_ttl_seconds", "has no effect")]
    public void Load_WithoutEffect_Warns(string yaml, string key, string message) => Expect.Warning(Workspace.LoadBackends(yaml), key, message);

    [Fact]
    public void Sample_Loaded_IsWithoutIssues()
    {
        using var w = new Workspace();

        var model = Expect.Clean(w.Load(Repository.At("samples/backends/backends.yaml")));

        Assert.Equal(["database", "api", "analytics-primary", "analytics-secondary"], model.Servers.Select(s => s.Name));
        Assert.Equal(["db", "api", "analytics", "analytics"], model.Servers.Select(s => s.Prefix));
        Assert.Equal([null, null, "analytics", "analytics"], model.Servers.Select(s => s.Cluster));
        Assert.Equal(new RouteRule("analyze_*", RouteStrategy.Fallback, ["analytics-secondary"]), Assert.Single(model.Servers[2].Routes));
        Assert.Equal(new Uri("http://localhost:8003/health"), model.Servers[2].Health!.Endpoint);
        Assert.Equal(2, model.Servers[2].Breaker!.HalfOpenAttempts);
        Assert.Equal(3, model.Retry.MaxRetries);
    }

    [Fact]
    public void Issues_AboutSecrets_NeverShowThem()
    {
        const string Secret = "s3cr3t-V4lue";
        foreach (var key in (string[])["url", "source", "priority", "routes", "health_check", "circuit_breaker", "auto_start", "args", "env", "namespace", "port"])
        {
            var result = Workspace.LoadBackends($"backends: [{{ name: a, command: x, {key}: '${{S}}' }}, {{ name: b, {key}: ['${{S}}'] }}]", ("S", Secret));

            Assert.NotEmpty(result.Issues);
            Assert.DoesNotContain(Secret, Expect.Text(result), StringComparison.Ordinal);
        }
    }
}
