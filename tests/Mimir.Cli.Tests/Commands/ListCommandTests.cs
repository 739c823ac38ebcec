using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;
using Mimir.Router.State.Health;

namespace Mimir.Cli.Tests.Commands;

/// <summary>What of health and routing <c>mimir list</c> shows: nothing where there is nothing to say.</summary>
public sealed class ListCommandTests
{
    private readonly TestConsole _console = new();

    [Fact(Timeout = 20_000)]
    public async Task List_NobodyHasAnythingToSay_HasNoColumnForIt()
    {
        await RunAsync([Rows.Ready("a"), Rows.Failed("b", "gone") with { Health = Rows.Well with { IsHealthy = false, Objection = "gone" } }]);

        Assert.StartsWith("NAME  STATE   TRANSPORT", _console.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIORITY", _console.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^b +failed.* gone$", _console.Out);
    }

    [Fact(Timeout = 20_000)]
    public async Task List_OneThatIsNotWell_HasAColumnAndSaysWhy()
    {
        var aside = Rows.Well with { IsHealthy = false, Objection = "it did not answer when asked\u001b[31m", HasBreaker = true, Breaker = BreakerState.HalfOpen };

        await RunAsync([Rows.Ready("a") with { Cluster = "pair", Priority = 5 }, Rows.Ready("b") with { Health = aside, Detail = "a tool is hidden" }]);

        Assert.StartsWith("NAME  STATE  HEALTH    BREAKER    CLUSTER  PRIORITY  TRANSPORT", _console.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^a +ready +well +pair +5 +in-process", _console.Out);
        Assert.Matches(@"(?m)^b +ready +not well +HALF_OPEN +10 +in-process.*it did not answer when asked.*; a tool is hidden$", _console.Out);
        Assert.DoesNotContain("\u001b", _console.Out, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task List_AsJson_AlwaysHoldsHealthAndRouting()
    {
        var open = Rows.Well with { IsHealthy = false, Objection = "its circuit breaker is open", HasBreaker = true, Breaker = BreakerState.Open, Failures = 5, Open = 1, Waiting = 2 };

        await RunAsync([Rows.Ready("a"), Rows.Ready("b") with { Health = open, Cluster = "pair", Priority = 20 }], "--json");

        var servers = JsonElement.Parse(_console.Out).GetProperty("servers");
        Assert.Equal(("true", "null", "null", "0", "0", "0", "null", "10"), Of(servers[0]));
        Assert.Equal(("false", "\"its circuit breaker is open\"", "\"OPEN\"", "5", "1", "2", "\"pair\"", "20"), Of(servers[1]));
    }

    private static (string, string, string, string, string, string, string, string) Of(JsonElement server)
    {
        string Raw(string member) => server.GetProperty(member).GetRawText();
        return (Raw("healthy"), Raw("objection"), Raw("circuitState"), Raw("errorCount"), Raw("open"), Raw("waiting"), Raw("cluster"), Raw("priority"));
    }

    private async Task RunAsync(ServerRow[] servers, params string[] more)
    {
        var run = new FakeRun { Servers = servers }.Settle();
        Assert.Equal(ExitCodes.Success, await new Fakes.Cli(run, _console).RunAsync(["list", .. more]));
    }
}
