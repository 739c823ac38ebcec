using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Validation;

/// <summary>Clusters, routes, health, and what may be sent twice.</summary>
public sealed class RoutingRulesTests
{
    [Theory]
    [InlineData("{}", "", "has no pattern")]
    [InlineData("{ \"pattern\": \"\" }", ".pattern", "is empty")]
    [InlineData("{ \"pattern\": \"*\", \"strategy\": \"fallback\" }", ".strategy", "needs fallbackTo")]
    [InlineData("{ \"pattern\": \"*\", \"fallbackTo\": \"b\" }", ".fallbackTo", "goes with strategy fallback")]
    [InlineData("{ \"pattern\": \"*\", \"strategy\": \"path\", \"fallback_to\": \"b\" }", ".fallback_to", "goes with strategy fallback")]
    [InlineData("{ \"pattern\": \"*\", \"strategy\": \"paths\" }", ".strategy", "not one of path, capability, fallback")]
    [InlineData("{ \"pattern\": \"*\", \"strategy\": \"fallback\", \"fallbackTo\": \"bb\" }", ".fallbackTo", "\"bb\" is no configured server")]
    [InlineData("{ \"pattern\": \"*\", \"strategy\": \"fallback\", \"fallbackTo\": [\"b\", \"${B}x\"] }", ".fallbackTo[1]", "what it expands to is no configured server")]
    [InlineData("{ \"pattern\": \"*\", \"strategy\": \"fallback\", \"fallbackTo\": \"a\" }", ".fallbackTo", "is the server itself")]
    [InlineData("{ \"pattern\": \"*\", \"strategy\": \"fallback\", \"fallbackTo\": [] }", ".fallbackTo", "is empty")]
    [InlineData("{ \"pattern\": \"*\", \"strategy\": \"fallback\", \"fallbackTo\": 7 }", ".fallbackTo", "must be a string or an array of strings")]
    [InlineData("{ \"pattern\": \"*\", \"strategy\": \"fallback\", \"fallbackTo\": [\"b\", \"b\"] }", ".fallbackTo[1]", "stands there twice")]
    [InlineData("{ \"patern\": \"*\", \"pattern\": \"*\" }", ".patern", "is not a key of a route")]
    [InlineData("\"*\"", "", "must be an object")]
    public void Route_Wrong_IsAnErrorAtItsPlace(string route, string key, string message) => Expect.Error(
        Workspace.LoadText($$"""{ "mcpServers": { "a": { "command": "x", "routes": [{{route}}] }, "b": { "command": "x" } } }""", ("B", "b")),
        $"mcpServers.a.routes[0]{key}",
        message);

    [Fact]
    public void Route_PatternTooLong_IsAnError() => Expect.Error(
        Workspace.LoadServer($"\"command\": \"x\", \"routes\": [{{ \"pattern\": \"{new string('a', 257)}\" }}]"), "mcpServers.a.routes[0].pattern", "has 257 characters", "1 to 256");

    [Fact]
    public void Fallback_Misspelled_NamesTheNearest() => Expect.Error(
        Workspace.LoadText("""{ "mcpServers": { "analytics": { "command": "x", "routes": [{ "pattern": "*", "strategy": "fallback", "fallbackTo": "secondry" }] }, "secondary": { "command": "x" } } }"""),
        "mcpServers.analytics.routes[0].fallbackTo",
        "no configured server",
        "Did you mean \"secondary\"?");

    [Fact]
    public void Fallback_ToOneThatIsSwitchedOff_WarnsAndLeavesItOut()
    {
        var result = Workspace.LoadText("""
            { "mcpServers": {
                "a": { "command": "x", "routes": [{ "pattern": "*", "strategy": "fallback", "fallbackTo": ["b", "c"] }] },
                "b": { "command": "x", "enabled": false },
                "c": { "command": "x" } } }
            """);

        Expect.Warning(result, "mcpServers.a.routes[0].fallbackTo[0]", "switched off");
        Assert.Equal(["c"], result.Model!.Servers[0].Routes[0].FallbackTo);
    }

    [Fact]
    public void Fallback_InACircle_IsOneErrorThatShowsIt()
    {
        using var w = new Workspace();
        w.Write("mimir.json", """
            { "mcpServers": {
                "z": { "command": "x", "routes": [{ "pattern": "*", "strategy": "fallback", "fallbackTo": "a" }] },
                "a": { "command": "x", "routes": [{ "pattern": "*", "strategy": "fallback", "fallbackTo": "b" }] },
                "b": { "command": "x", "routes": [{ "pattern": "*", "strategy": "fallback", "fallbackTo": ["c", "a"] }] },
                "c": { "command": "x" } } }
            """);

        var issue = Expect.Error(w.Load(), "mcpServers.b.routes[0].fallbackTo[1]", "leads in a circle: a -> b -> a", "cluster");
        Assert.Equal(4, issue.Line);
    }

    [Fact]
    public void Fallback_ByTwoWaysToOne_IsNoCircle() => Expect.Clean(Workspace.LoadText("""
        { "mcpServers": {
            "a": { "command": "x", "routes": [{ "pattern": "*", "strategy": "fallback", "fallbackTo": ["b", "c"] }] },
            "b": { "command": "x", "routes": [{ "pattern": "*", "strategy": "fallback", "fallbackTo": "c" }] },
            "c": { "command": "x" } } }
        """));

    [Fact]
    public void Cluster_Members_ShareOnePrefix()
    {
        Assert.Equal(
            ["my_c", "my_c", "d"],
            Prefixes("""{ "a": { "command": "x", "cluster": "my c" }, "b": { "command": "x", "cluster": "my c" }, "d": { "command": "x" } }"""));
        Assert.Equal(
            ["p", "p", "p"],
            Prefixes("""{ "a": { "command": "x", "cluster": "c" }, "b": { "command": "x", "cluster": "c", "prefix": "p" }, "d": { "command": "x", "cluster": "c", "prefix": "p" } }"""));
    }

    [Fact]
    public void Cluster_NamedAsAServerOutsideIt_HasAnotherPrefixThanThat()
    {
        var prefixes = Prefixes("""{ "c": { "command": "x" }, "a": { "command": "x", "cluster": "c" }, "b": { "command": "x", "cluster": "c" } }""");

        Assert.Equal("c", prefixes[0]);
        Assert.Matches("^c_[0-9a-f]{6}$", prefixes[1]);
        Assert.Equal(prefixes[1], prefixes[2]);
    }

    [Fact]
    public void Cluster_MembersWithTwoPrefixes_IsAnErrorThatNamesTheOther()
    {
        using var w = new Workspace();
        w.Write("mimir.json", """
            { "mcpServers": {
              "a": { "command": "x", "cluster": "c", "prefix": "p" },
              "b": { "command": "x", "cluster": "c", "prefix": "q" } } }
            """);

        Expect.Error(w.Load(), "mcpServers.b.prefix", $"share one prefix, and mcpServers.a has another, at {w.Main}:2:52");
    }

    [Theory]
    [InlineData("\"prefix\": \"p\"", "\"prefix\": \"p\", \"cluster\": \"c\"")]
    [InlineData("\"prefix\": \"p\", \"cluster\": \"d\"", "\"prefix\": \"p\", \"cluster\": \"c\"")]
    public void Prefix_OfAServerOutsideTheCluster_IsAnError(string a, string b) => Expect.Error(
        Workspace.LoadText($$"""{ "mcpServers": { "a": { "command": "x", {{a}} }, "b": { "command": "x", {{b}} } } }"""), "mcpServers.b.prefix", "is the prefix of mcpServers.a as well");

    [Fact]
    public void Cluster_NobodyIsIn_Warns()
    {
        Expect.Warning(Workspace.LoadText("""{ "clusters": { "c": {} } }"""), "clusters.c", "no server is a member", "Write \"cluster\": \"c\"");
        Expect.Warning(
            Workspace.LoadText("""{ "mcpServers": { "a": { "command": "x", "cluster": "search" } }, "clusters": { "serach": {} } }"""),
            "clusters.serach", "no server is a member", "Did you mean search?");
    }

    [Theory]
    [InlineData("\"stickyArgument\": \"x\"")]
    [InlineData("\"balancer\": \"round-robin\", \"stickyArgument\": \"x\"")]
    public void StickyArgument_WithoutSticky_IsAnError(string body) => Expect.Error(
        Workspace.LoadText($$"""{ "mcpServers": { "a": { "command": "x", "cluster": "c" } }, "clusters": { "c": { {{body}} } } }"""),
        "clusters.c.stickyArgument",
        "goes with balancer sticky");

    [Theory]
    [InlineData("a/b", "slash")]
    [InlineData("", "is empty")]
    [InlineData(" a", "white space")]
    public void Cluster_BadName_IsAnError(string name, string message) =>
        Expect.Error(Workspace.LoadServer($"\"command\": \"x\", \"cluster\": \"{name}\""), "mcpServers.a.cluster", message);

    [Theory]
    [InlineData("\"command\": \"x\"", "/health", "endpoint goes with url")]
    [InlineData("\"url\": \"http://h/\"", "health", "is no http address")]
    [InlineData("\"url\": \"http://h/\"", "//other/health", "is no http address")]
    [InlineData("\"url\": \"http://h/\"", "ftp://h/health", "is no http address")]
    [InlineData("\"url\": \"http://h/\"", "http://u:p@h/health", "user name or password")]
    [InlineData("\"url\": \"http://h/\"", "/a b", "white space")]
    [InlineData("\"url\": \"http://h/\"", "/a#b", "#")]
    public void HealthEndpoint_Wrong_IsAnError(string way, string endpoint, string message) =>
        Expect.Error(Workspace.LoadServer($"{way}, \"healthCheck\": {{ \"endpoint\": \"{endpoint}\" }}"), "mcpServers.a.healthCheck.endpoint", message);

    [Fact]
    public void Idempotent_WithoutResend_IsAnError()
    {
        Expect.Error(Workspace.LoadServer("\"command\": \"x\", \"idempotent\": [\"get_*\"]"), "mcpServers.a.idempotent", "goes with resend idempotent");
        Expect.Error(Workspace.LoadServer("\"command\": \"x\", \"resend\": \"unsent\", \"idempotent\": [\"get_*\"]"), "mcpServers.a.idempotent", "goes with resend idempotent");
        Expect.Error(Workspace.LoadServer("\"command\": \"x\", \"resend\": \"idempotent\", \"idempotent\": [\"\"]"), "mcpServers.a.idempotent[0]", "is empty");
        Assert.Equal(["get_*"], Expect.Server(Workspace.LoadServer("\"command\": \"x\", \"resend\": \"idempotent\", \"idempotent\": [\"get_*\"]")).Idempotent);
    }

    [Fact]
    public void Times_ThatContradict_AreSaid()
    {
        Expect.Warning(Workspace.LoadServer("\"command\": \"x\", \"callTimeout\": 5, \"attemptTimeout\": 5"), "mcpServers.a.attemptTimeout", "not shorter than callTimeout");
        Expect.Error(Workspace.LoadText("""{ "retry": { "firstBackoff": 5, "maxBackoff": 4 } }"""), "retry.firstBackoff", "is longer than maxBackoff");
    }

    private static string[] Prefixes(string servers) => [.. Expect.Clean(Workspace.LoadText($"{{ \"mcpServers\": {servers} }}")).Servers.Select(s => s.Prefix)];
}
