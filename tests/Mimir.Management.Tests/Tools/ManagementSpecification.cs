using System.Text.Json;
using Mimir.Management.Tests.Support;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Tests.Tools;

/// <summary>Mimir's own tools, as clients of one revision meet them behind the router. One subclass a revision.</summary>
public abstract class ManagementSpecification
{
    private const string Address = "http://127.0.0.1:9/some/mcp";
    private static readonly ManagementModel Prefixed = new(HasTools: true);
    private static readonly ManagementModel Bare = new(HasTools: true, BareNames: true);

    protected abstract string Revision { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task ListTools_WantedWithPrefix_AreListedLastAndReadOnly()
    {
        await using var house = await House.OpenAsync(Prefixed, House.Inside("a", "greet"));

        var tools = await ToolsOf(house);

        Assert.Equal(["a_greet", "mimir_list_backends", "mimir_get_backend_health", "mimir_explain_route"], tools.Select(t => t.Name));
        Assert.All(tools.Skip(1), t => Assert.NotNull(t.ProtocolTool.OutputSchema));
        Assert.All(tools.Skip(1), t => Assert.True(t.ProtocolTool.Annotations?.ReadOnlyHint));
    }

    [Fact(Timeout = 60_000)]
    public async Task ListTools_NotWanted_AreNotThere()
    {
        await using var house = await House.OpenAsync(new ManagementModel(), House.Inside("a", "greet"));

        Assert.Equal(["a_greet"], (await ToolsOf(house)).Select(t => t.Name));
    }

    [Fact(Timeout = 60_000)]
    public async Task ListTools_WantedBare_HaveTheirBareNamesAndCanBeCalled()
    {
        await using var house = await House.OpenAsync(Bare, House.Inside("a", "greet"));

        Assert.Equal(["a_greet", "list_backends", "get_backend_health", "explain_route"], (await ToolsOf(house)).Select(t => t.Name));
        Assert.Equal("a", Parsed(await CallAsync(house, "get_backend_health", ("backend_name", "a"))).GetProperty("name").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task ListTools_BareNameLooksLikeAnothersWithItsPrefix_BothAreReached()
    {
        await using var house = await House.OpenAsync(Bare, House.Inside("list", "backends"));

        var names = (await ToolsOf(house)).Select(t => t.Name).ToList();
        Assert.Equal("list_backends", names[0]);
        Assert.StartsWith("list_backends_", names[1], StringComparison.Ordinal);
        Assert.Equal("backends: backends", Text(await CallAsync(house, names[0])));
        Assert.Equal("list", Assert.Single(Parsed(await CallAsync(house, names[1])).EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task ListBackends_OneWellOneAway_TellsOfBothAndOfNoSecret()
    {
        await using var house = await House.OpenAsync(
            Prefixed,
            House.Inside("a", "greet") with { Priority = 3 },
            House.Away("b", "http://user:hidden-word@127.0.0.1:9/some/mcp?key=hidden-key#hidden-part") with { Breaker = new BreakerModel { FailureThreshold = 1 } });

        var result = await CallAsync(house, "mimir_list_backends");

        var list = Parsed(result).EnumerateArray().ToList();
        Assert.Equal("""{"name":"a","url":null,"namespace":"a","priority":3,"healthy":true,"circuit_state":"CLOSED","error_count":0,"is_managed":false,"is_running":true}""", list[0].GetRawText());
        Assert.Equal(["b", Address, "b"], new[] { "name", "url", "namespace" }.Select(m => list[1].GetProperty(m).GetString()));
        Assert.Equal("OPEN", list[1].GetProperty("circuit_state").GetString());
        Assert.False(list[1].GetProperty("healthy").GetBoolean());
        Assert.False(list[1].GetProperty("is_running").GetBoolean());
        Assert.InRange(list[1].GetProperty("error_count").GetInt32(), 1, 100);
        Assert.Equal(2, list.Count);
        Assert.DoesNotContain("hidden", Text(result), StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(Parsed(result), result.StructuredContent!.Value.GetProperty("result")));
    }

    [Fact(Timeout = 60_000)]
    public async Task GetBackendHealth_OneThatIsAway_SaysWhy()
    {
        await using var house = await House.OpenAsync(Prefixed, House.Away("b", Address) with { Breaker = new BreakerModel { FailureThreshold = 1 } });

        var result = await CallAsync(house, "mimir_get_backend_health", ("backend_name", "b"));

        var health = Parsed(result);
        Assert.Equal(["name", "healthy", "circuit_state", "error_count", "last_error"], health.EnumerateObject().Select(m => m.Name));
        Assert.Equal("OPEN", health.GetProperty("circuit_state").GetString());
        Assert.Contains(House.Why, health.GetProperty("last_error").GetString(), StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(health, result.StructuredContent!.Value));
    }

    [Fact(Timeout = 60_000)]
    public async Task GetBackendHealth_OneThatNeverFailed_HasNoError()
    {
        await using var house = await House.OpenAsync(Prefixed, House.Inside("a", "greet"));

        Assert.Equal(
            """{"name":"a","healthy":true,"circuit_state":"CLOSED","error_count":0,"last_error":null}""",
            Text(await CallAsync(house, "mimir_get_backend_health", ("backend_name", "a"))));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("nobody", "There is no backend 'nobody'. There are: a, b.")]
    [InlineData("mimir", "There is no backend 'mimir'. There are: a, b.")]
    public async Task GetBackendHealth_Unknown_IsAToolErrorWithTheKnownNames(string name, string expected)
    {
        await using var house = await House.OpenAsync(Prefixed, House.Inside("a", "greet"), House.Inside("b", "greet"));

        var result = await CallAsync(house, "mimir_get_backend_health", ("backend_name", name));

        Assert.True(result.IsError);
        Assert.Equal(expected, Text(result));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("mimir_get_backend_health", "'backend_name' must be a string.")]
    [InlineData("mimir_explain_route", "'name' must be a string.")]
    public async Task Call_WithoutItsArgument_IsAToolErrorThatNamesIt(string tool, string expected)
    {
        await using var house = await House.OpenAsync(Prefixed, House.Inside("a", "greet"));

        var result = await CallAsync(house, tool);

        Assert.True(result.IsError);
        Assert.Equal(expected, Text(result));
    }

    [Fact(Timeout = 60_000)]
    public async Task ExplainRoute_ClusterWhoseFirstIsStopped_NamesTheSecondAndWhy()
    {
        await using var house = await House.OpenAsync(
            Prefixed,
            House.Inside("one", "greet") with { Cluster = "pair", Prefix = "pair" },
            House.Inside("two", "greet") with { Cluster = "pair", Prefix = "pair", Priority = 20 },
            House.Inside("other", "rest"));

        var before = Parsed(await CallAsync(house, "mimir_explain_route", ("name", "pair_greet")));
        Assert.Equal(["tool", "pair", "priority", "one"], Strings(before, "kind", "cluster", "balancer", "server"));
        Assert.Equal(
            [
                """{"server":"one","name":"greet","priority":10,"strategy":"capability","able":true,"taken":true,"objection":null}""",
                """{"server":"two","name":"greet","priority":20,"strategy":"capability","able":true,"taken":false,"objection":null}""",
            ],
            before.GetProperty("candidates").EnumerateArray().Take(2).Select(c => c.GetRawText()));
        var other = Assert.Single(before.GetProperty("candidates").EnumerateArray().Skip(2));
        Assert.Equal(["other", null], Strings(other, "server", "name"));
        Assert.Contains("no member of the same cluster", other.GetProperty("objection").GetString(), StringComparison.Ordinal);

        await new RouterCommands(house.Engine).StopAsync("one");
        var after = await CallAsync(house, "mimir_explain_route", ("name", "pair_greet"));

        Assert.Equal("two", Parsed(after).GetProperty("server").GetString());
        Assert.True(JsonElement.DeepEquals(Parsed(after), after.StructuredContent!.Value));
    }

    [Fact(Timeout = 60_000)]
    public async Task ExplainRoute_UnknownName_IsAToolErrorThatNamesWhoIsNotKnown()
    {
        await using var house = await House.OpenAsync(Prefixed, House.Inside("a", "greet"), House.Away("b", Address));

        var result = await CallAsync(house, "mimir_explain_route", ("name", "greet"));

        Assert.True(result.IsError);
        Assert.Contains("There is no tool, prompt or resource 'greet'", Text(result), StringComparison.Ordinal);
        Assert.Contains("What 'b' lists is not known yet.", Text(result), StringComparison.Ordinal);
        Assert.DoesNotContain("'a'", Text(result), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Servers_OfTheRoutersState_HoldNoneOfItsOwn()
    {
        await using var house = await House.OpenAsync(Prefixed, House.Inside("a", "greet"));

        Assert.Equal(["a"], house.State.Servers.Select(s => s.Name));
        Assert.Equal(["mimir"], house.State.Explain("mimir_list_backends").Candidates.Where(c => c.IsTaken).Select(c => c.Server));
        Assert.DoesNotContain(house.State.Explain("a_greet").Candidates, c => c.Server == "mimir");
    }

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    private static JsonElement Parsed(CallToolResult result) => JsonElement.Parse(Text(result));

    private static IEnumerable<string?> Strings(JsonElement of, params string[] members) => members.Select(m => of.GetProperty(m).GetString());

    private async Task<IList<McpClientTool>> ToolsOf(House house) => await (await house.ClientAsync(Revision)).ListToolsAsync(cancellationToken: Token);

    private async Task<CallToolResult> CallAsync(House house, string tool, params (string Name, object? Value)[] arguments) =>
        await (await house.ClientAsync(Revision)).CallToolAsync(
            tool, arguments.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal), cancellationToken: Token);
}
