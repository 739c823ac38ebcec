using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;
using Mimir.Router.Engine;

namespace Mimir.Cli.Tests.Commands;

public sealed class RouteExplainCommandTests
{
    private readonly TestConsole _console = new();
    private readonly FakeRun _run = new FakeRun { Servers = [Rows.Ready("one"), Rows.Ready("two")], Tools = [Rows.Tool("pair_greet")] }.Settle();

    [Fact(Timeout = 20_000)]
    public async Task Explain_OfACluster_ShowsWhoTakesItWhoCouldAndWhyNot()
    {
        Explain(
            "pair",
            "round-robin",
            new RouteCandidate("one", "greet", 10, "capability", false, "its circuit breaker is open for 7 s\u001b[31m"),
            new RouteCandidate("two", "greet", 10, "path", true, ""),
            new RouteCandidate("three", "greet", 20, "fallback", false, ""),
            new RouteCandidate("a", "", 10, "", false, "it is no member of the same cluster"),
            new RouteCandidate("b", "", 10, "", false, "it is no member of the same cluster"),
            new RouteCandidate("c", "", 10, "", false, "no pattern of its routes matches the name"));

        var code = await new Fakes.Cli(_run, _console).RunAsync("route", "explain", "pair_greet");

        Assert.Equal(ExitCodes.Success, code);
        Assert.StartsWith(
            "pair_greet is a tool that two takes now.\nCluster pair, balancer round-robin. Servers with the lowest priority number go first.\n", _console.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^one +could not +10 +capability +greet +its circuit breaker is open for 7 s", _console.Out);
        Assert.Matches(@"(?m)^two +takes it +10 +path +greet$", _console.Out);
        Assert.Matches(@"(?m)^three +could +20 +fallback +greet$", _console.Out);
        Assert.Contains("\nNot a, b: it is no member of the same cluster.\n\nNot c: no pattern of its routes matches the name.\n", _console.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", _console.Out, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Explain_AsJson_HasTheStatedShape()
    {
        Explain("pair", "sticky", new RouteCandidate("one", "greet", 10, "capability", true, ""), new RouteCandidate("two", "", 20, "", false, "why"));

        await new Fakes.Cli(_run, _console).RunAsync("route", "explain", "pair_greet", "--json");

        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse(
                """
                {"name":"pair_greet","kind":"tool","cluster":"pair","balancer":"sticky","server":"one","candidates":[
                {"server":"one","name":"greet","priority":10,"strategy":"capability","able":true,"taken":true,"objection":null},
                {"server":"two","name":null,"priority":20,"strategy":null,"able":false,"taken":false,"objection":"why"}]}
                """),
            JsonElement.Parse(_console.Out)), _console.Out);
    }

    [Fact(Timeout = 20_000)]
    public async Task Explain_NobodyCanTakeIt_IsSaidAndIsTheExitCode()
    {
        Explain("", "", new RouteCandidate("one", "greet", 10, "capability", false, "it is failed"));

        var code = await new Fakes.Cli(_run, _console).RunAsync("route", "explain", "pair_greet");

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.StartsWith("pair_greet is a tool that no server can take now.\n\nSERVER", _console.Out, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Explain_OneServerAlone_SaysNothingOfClustersAndBalancers()
    {
        Explain("", "", new RouteCandidate("one", "greet", 10, "capability", true, ""));

        await new Fakes.Cli(_run, _console).RunAsync("route", "explain", "pair_greet");

        Assert.DoesNotContain("luster", _console.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("balancer", _console.Out, StringComparison.Ordinal);
    }

    [Theory(Timeout = 20_000)]
    [InlineData()]
    [InlineData("--json")]
    public async Task Explain_UnknownName_NamesTheNearestAndPrintsNoData(params string[] more)
    {
        var code = await new Fakes.Cli(_run, _console).RunAsync(["route", "explain", "pair_gret", .. more]);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("There is no tool, prompt or resource 'pair_gret'.", _console.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'pair_greet'?", _console.Error, StringComparison.Ordinal);
        Assert.Empty(_console.Out);
    }

    [Fact(Timeout = 20_000)]
    public async Task Explain_UnknownNameAndAServerAway_SaysThatItMayBelongToIt()
    {
        _run.Servers = [Rows.Ready("one"), Rows.Failed("two", "no such program")];

        var code = await new Fakes.Cli(_run, _console).RunAsync("route", "explain", "two_x");

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Contains("It may belong to 'two' (failed): no such program.", _console.Error, StringComparison.Ordinal);
    }

    private void Explain(string cluster, string balancer, params RouteCandidate[] candidates) =>
        _run.Explanations["pair_greet"] = new RouteExplanation("pair_greet", "tool", cluster, balancer, candidates);
}
