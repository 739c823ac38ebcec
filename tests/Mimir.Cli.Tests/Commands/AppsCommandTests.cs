using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

/// <summary>What <c>mimir apps</c> shows.</summary>
public sealed class AppsCommandTests
{
    private readonly TestConsole _console = new();

    [Fact(Timeout = 20_000)]
    public async Task Apps_OneIsAServerAndOneIsNot_AreListedAndTheOtherIsOffered()
    {
        var cli = Cli(new AppRow("My 'Game'\u001b[31m", "http://127.0.0.1:3000", 42, false, []), new AppRow("Away", null, null, false, ["one", "two"]));

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("apps"));

        Assert.Matches(@"(?m)^My 'Game'.* +http://127\.0\.0\.1:3000 +42 +-$", _console.Out);
        Assert.Matches(@"(?m)^Away +does not run +- +one, two$", _console.Out);
        Assert.Contains(@"mimir add NAME --app 'My '\''Game'\''", _console.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Away", _console.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", _console.Out + _console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Apps_AsJson_HoldsAllOfThem()
    {
        var cli = Cli(new AppRow("Game", "http://127.0.0.1:3000", 42, true, ["g"]), new AppRow("Away", null, null, false, ["one"]));

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("apps", "--json"));

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""
            {"apps":[{"name":"Game","address":"http://127.0.0.1:3000","pid":42,"needsToken":true,"servers":["g"]},
                     {"name":"Away","address":null,"pid":null,"needsToken":false,"servers":["one"]}]}
            """), JsonElement.Parse(_console.Out)));
    }

    [Fact(Timeout = 20_000)]
    public async Task Apps_None_SaysSo()
    {
        Assert.Equal(ExitCodes.Success, await Cli().RunAsync("apps"));
        Assert.Equal("", _console.Out);
        Assert.Contains("No app announces an MCP server", _console.Error, StringComparison.Ordinal);
    }

    private Fakes.Cli Cli(params AppRow[] apps)
    {
        var cli = new Fakes.Cli(new FakeRun(), _console);
        cli.Host.AppRows.AddRange(apps);
        return cli;
    }
}
