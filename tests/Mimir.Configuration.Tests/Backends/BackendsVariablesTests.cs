using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Tests.Backends;

/// <summary>The environment that goes with a backends file.</summary>
public sealed class BackendsVariablesTests
{
    private const string Bare = "backends: [{ name: b, url: 'http://h/', routes: [{ pattern: x }] }]";

    private static readonly (string, string)[] All =
    [
        ("MCP_DEFAULT_STRATEGY", "path"), ("MCP_ENABLE_NAMESPACES", "False"), ("MCP_CACHE_TTL", "300"), ("MCP_REQUEST_TIMEOUT", "31"),
        ("MCP_HEALTH_CHECK_INTERVAL", "32"), ("MCP_HEALTH_CHECK_TIMEOUT", "4.5"), ("MCP_MAX_RETRIES", "3"), ("MCP_RETRY_BACKOFF", "2.5"),
        ("MCP_MAX_BACKOFF", "11"), ("MCP_HOST", "127.0.0.1"), ("MCP_PORT", "8000"), ("MCP_SERVER_NAME", "our router"),
    ];

    [Fact]
    public void Variables_Set_AreDefaults()
    {
        var result = Workspace.LoadBackends(Bare, All);

        var server = Expect.Server(result);
        Assert.Equal(RouteStrategy.Path, server.Routes[0].Strategy);
        Assert.Equal(TimeSpan.FromSeconds(31), server.CallTimeout);
        Assert.Equal(new HealthModel { Interval = TimeSpan.FromSeconds(32), Timeout = TimeSpan.FromSeconds(4.5) }, server.Health);
        Assert.Equal(new RetryModel { MaxRetries = 3, Multiplier = 2.5, MaxBackoff = TimeSpan.FromSeconds(11) }, result.Model!.Retry);
        Assert.Equal(PrefixMode.Never, result.Model.Naming.Prefix);
        Assert.Equal(("127.0.0.1", 8000), (result.Backends!.Host, result.Backends.Port));
        Assert.Equal("our router", result.Model.Name);
    }

    [Fact]
    public void Variables_WhereTheFileSpeaks_AreSilent()
    {
        var model = Expect.Clean(Workspace.LoadBackends(
            """
            backends:
              - name: b
                url: http://h/
                routes: [{ pattern: x, strategy: capability }]
                health_check: { interval_seconds: 1, timeout: 2 }
              - { name: c, url: http://h/, callTimeout: 5 }
            routing:
              enable_namespace_prefixing: true
              request_timeout_seconds: 6
              retry: { max_attempts: 7, backoff_multiplier: 8, max_backoff_seconds: 9 }
            """,
            All));

        Assert.Equal(RouteStrategy.Capability, model.Servers[0].Routes[0].Strategy);
        Assert.Equal(new HealthModel { Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(2) }, model.Servers[0].Health);
        Assert.Equal([6, 5], model.Servers.Select(s => (int)s.CallTimeout.TotalSeconds));
        Assert.Equal(new RetryModel { MaxRetries = 7, Multiplier = 8, MaxBackoff = TimeSpan.FromSeconds(9) }, model.Retry);
        Assert.Equal(PrefixMode.Always, model.Naming.Prefix);
    }

    [Fact]
    public void Variables_UnsetOrEmpty_LeaveMimirsOwn()
    {
        var plain = Workspace.LoadBackends(Bare);
        var empty = Workspace.LoadBackends(Bare, [.. All.Select(pair => (pair.Item1, ""))]);

        Assert.Equal(Expect.Server(plain), Expect.Server(empty));
        Assert.Equal(new RetryModel(), plain.Model!.Retry);
        Assert.Equal(new ServerModel { Name = "b", Prefix = "b", Transport = Expect.Server(plain).Transport }.CallTimeout, Expect.Server(plain).CallTimeout);
        Assert.Equal((null, null), (empty.Backends!.Host, empty.Backends.Port));
        Assert.Null(empty.Model!.Name);
    }

    [Fact]
    public void Variables_WithoutABackendsFile_AreNotRead()
    {
        var bad = All.Select(pair => (pair.Item1, "nonsense")).ToArray();

        Expect.Clean(Workspace.LoadText("""{ "mcpServers": { "a": { "command": "x" } } }""", bad));
    }

    [Theory]
    [InlineData("MCP_DEFAULT_STRATEGY", "s3cr3t", "is not one of path, capability, fallback")]
    [InlineData("MCP_ENABLE_NAMESPACES", "s3cr3t", "neither true nor false")]
    [InlineData("MCP_CACHE_TTL", "s3cr3t", "is not a whole number")]
    [InlineData("MCP_CACHE_TTL", "-1", "is not a whole number")]
    [InlineData("MCP_REQUEST_TIMEOUT", "s3cr3t", "is not a duration")]
    [InlineData("MCP_REQUEST_TIMEOUT", "0", "out of bounds")]
    [InlineData("MCP_HEALTH_CHECK_INTERVAL", "s3cr3t", "is not a duration")]
    [InlineData("MCP_HEALTH_CHECK_TIMEOUT", "s3cr3t", "is not a duration")]
    [InlineData("MCP_MAX_RETRIES", "s3cr3t", "is not a whole number")]
    [InlineData("MCP_MAX_RETRIES", "101", "out of bounds")]
    [InlineData("MCP_RETRY_BACKOFF", "s3cr3t", "is not a number of 1 to 10")]
    [InlineData("MCP_MAX_BACKOFF", "s3cr3t", "is not a duration")]
    [InlineData("MCP_PORT", "s3cr3t", "is not a whole number")]
    [InlineData("MCP_PORT", "65536", "out of bounds")]
    [InlineData("MCP_SERVER_NAME", "s3cr3t\nname", "holds a control character")]
    public void Variable_Bad_IsOneErrorThatNamesIt(string name, string value, string message)
    {
        // Two backends: what holds for both is said once.
        var result = Workspace.LoadBackends("backends: [{ name: b, url: 'http://h/' }, { name: c, url: 'http://h/' }]", (name, value));

        var issue = Expect.Error(result, name, message);
        Assert.Equal("the environment", issue.File);
        Assert.DoesNotContain("s3cr3t", issue.ToString(), StringComparison.Ordinal);
    }
}
