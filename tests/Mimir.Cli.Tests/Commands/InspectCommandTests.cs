using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Bridging;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.State.Health;
using Mimir.Router.Upstreams;

namespace Mimir.Cli.Tests.Commands;

public sealed class InspectCommandTests
{
    private readonly TestConsole _console = new();
    private readonly FakeRun _run = new FakeRun { Servers = [Rows.Ready()] }.Settle();

    [Fact(Timeout = 20_000)]
    public async Task Inspect_LegacyServer_ShowsWhatReachesWhom()
    {
        _run.Inspections[Rows.Ready().Name] = Inspection(Revision.V2025_11_25, """{"tools":{"listChanged":true},"logging":{},"secret\u001b[31m":{}}""");

        var code = await new Fakes.Cli(_run, _console).RunAsync("inspect", Rows.Ready().Name);

        Assert.Equal(ExitCodes.Success, code);
        Assert.Matches(@"(?m)^log messages +as it is +as it is +as it is +as it is +translated *$", _console.Out);
        Assert.Matches(@"(?m)^elicitation by URL +lost +lost +lost +as it is +translated *$", _console.Out);
        Assert.Matches(@"(?m)^prompts +- +- +- +- +- *$", _console.Out);
        Assert.Contains("elicitation by form, lost for 2024-11-05, 2025-03-26: such clients cannot be asked", _console.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", _console.Out, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Inspect_AsJson_HoldsEveryFeatureForEveryRevision()
    {
        _run.Inspections[Rows.Ready().Name] = Inspection(Revision.V2026_07_28, """{"tools":{},"resources":{"subscribe":true}}""");

        await new Fakes.Cli(_run, _console).RunAsync("inspect", Rows.Ready().Name, "--json");

        using var document = JsonDocument.Parse(_console.Out);
        var clients = document.RootElement.GetProperty("clients");
        Assert.Equal(Revision.All.Select(r => r.Name), clients.EnumerateArray().Select(c => c.GetProperty("revision").GetString()));
        Assert.Equal("translated", FateOf(clients, "2025-11-25", "resource subscriptions"));
        Assert.Equal("translated", FateOf(clients, "2025-11-25", "structured content"));
        Assert.Equal("asIs", FateOf(clients, "2026-07-28", "resource subscriptions"));
        Assert.Equal("lost", FateOf(clients, "2024-11-05", "audio"));
        Assert.True(document.RootElement.GetProperty("capabilities").TryGetProperty("resources", out _));
    }

    [Fact(Timeout = 20_000)]
    public async Task Inspect_NoSuchServer_NamesTheNearest()
    {
        var code = await new Fakes.Cli(_run, _console).RunAsync("inspect", Rows.Ready().Name + "x");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains($"Did you mean '{Rows.Ready().Name}'?", _console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Inspect_ServerSwitchedOff_SaysSo()
    {
        _run.SwitchedOff = ["off"];

        var code = await new Fakes.Cli(_run, _console).RunAsync("inspect", "off");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("Server 'off' is not run", _console.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("inspect", "slow", "--json")]
    [InlineData("list", "--json")]
    [InlineData("call", "unknown")]
    public async Task Command_AServerNeedsLongToStart_StderrNamesItAndStdoutIsLeftAlone(params string[] args)
    {
        var run = new FakeRun
        {
            Servers = [Rows.Ready(), Rows.Starting("slow") with { StartLimit = TimeSpan.FromSeconds(25), IsSilent = true }],
        };
        var running = new Fakes.Cli(run, _console).RunAsync(args);

        await _console.WaitForErrorAsync("waiting for slow to start: 1 s so far, 25 s at most; it was silent");

        Assert.DoesNotContain("waiting for demo", _console.Error, StringComparison.Ordinal);
        Assert.Empty(_console.Out);
        run.Settle();
        await running;
    }

    [Fact]
    public void Fates_ServerCompletesNothing_ItsContextIsNotLost()
    {
        var fates = Inspection(Revision.V2025_11_25, """{"tools":{}}""").Fates;

        Assert.All(fates, f => Assert.Equal(Fate.NotOffered, f.Features.Single(x => x.Feature == "completion context").Fate));
    }

    private static string? FateOf(JsonElement clients, string revision, string feature) => clients.EnumerateArray()
        .Single(c => c.GetProperty("revision").ValueEquals(revision)).GetProperty("features").EnumerateArray()
        .Single(f => f.GetProperty("feature").ValueEquals(feature)).GetProperty("fate").GetString();

    private static ServerInspection Inspection(Revision revision, string capabilities)
    {
        var handshake = new Handshake(revision, System.Text.Encoding.UTF8.GetBytes($$$"""{"capabilities":{{{capabilities}}},"serverInfo":{"name":"x","version":"1"}}"""));
        var snapshot = new ServerSnapshot(Rows.Ready().Name, "stdio", UpstreamStatus.Ready, true, false, revision, 1, 0, 0, 0, "", [], 0, 0, [])
        {
            Model = new ServerModel { Name = Rows.Ready().Name, Prefix = "demo", Transport = new InProcessModel("demo") },
            Health = Rows.Well,
        };
        return new ServerInspection(
            snapshot, handshake.Title, System.Text.Encoding.UTF8.GetBytes(capabilities), [.. Revision.All.Select(r => (r, EraTable.For(handshake, r)))], AsksUnattributed: false);
    }
}
