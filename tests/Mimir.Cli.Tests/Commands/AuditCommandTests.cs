using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;
using Mimir.Router.Policies.Audit;

namespace Mimir.Cli.Tests.Commands;

public sealed class AuditCommandTests
{
    private const string Call = """{"seq":7,"ts":"2026-11-22T12:00:00.000Z","kind":"call","client":"c\u001b[2J/1","method":"tools/call","server":"files","name":"read","as":"files_read","decision":"deny","reason":"the server's deniedTools hold it","outcome":"error","code":-32602,"ms":1.5,"in":1,"out":0,"prev":"0","hash":"1"}""";
    private const string Change = """{"seq":8,"ts":"2026-11-22T12:00:01.000Z","kind":"change","change":"suppressed","count":12,"prev":"0","hash":"1"}""";

    private readonly TestConsole _console = new();
    private readonly Fakes.Cli _cli;

    public AuditCommandTests() => _cli = new Fakes.Cli(new FakeRun(), _console);

    [Fact(Timeout = 20_000)]
    public async Task Tail_ACallAndAChange_AreALineEachFitForATerminal()
    {
        _cli.Host.Audited.Records = [Call, Change];

        Assert.Equal(ExitCodes.Success, await _cli.RunAsync("audit", "tail"));

        var lines = _console.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("TIME ", lines[0], StringComparison.Ordinal);
        Assert.Contains("denied", lines[1], StringComparison.Ordinal);
        Assert.Contains("tools/call files_read by c\\x1b[2J/1: the server's deniedTools hold it", lines[1], StringComparison.Ordinal);
        Assert.Contains("suppressed 12", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", _console.Out, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Tail_AsJson_IsTheRecordsAsTheyStand()
    {
        _cli.Host.Audited.Records = [Call, Change];

        await _cli.RunAsync("audit", "tail", "--json", "-n", "5", "--server", "files", "--errors");

        Assert.Equal($"{Call}\n{Change}\n", _console.Out);
        Assert.Equal(new AuditRequest { Records = 5, Server = "files", ErrorsOnly = true }, _cli.Host.Audited.Asked);
    }

    [Fact(Timeout = 20_000)]
    public async Task Tail_Nothing_SaysWhere()
    {
        Assert.Equal(ExitCodes.Success, await _cli.RunAsync("audit", "tail"));

        Assert.Empty(_console.Out);
        Assert.Contains("/state/audit.log", _console.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("audit")]
    [InlineData("audit", "tail", "-n", "-1")]
    [InlineData("audit", "tail", "-n", "100001")]
    public async Task Audit_WrittenWrong_IsRefused(params string[] line) => Assert.Equal(ExitCodes.Usage, await _cli.RunAsync(line));

    [Fact(Timeout = 20_000)]
    public async Task Verify_Whole_EndsWellAndCounts()
    {
        Assert.Equal(ExitCodes.Success, await _cli.RunAsync("audit", "verify"));

        Assert.Equal("whole: 3 records in 1 files, 1 to 3\n", _console.Out);
    }

    [Fact(Timeout = 20_000)]
    public async Task Verify_Broken_NamesThePlacesAndEndsWith1()
    {
        _cli.Host.Audited.Verdict = new AuditVerdict(["/a"], 2, 1, 2, 1, [new AuditProblem("/a", 3, "edited", "a line")]);

        Assert.Equal(ExitCodes.Failure, await _cli.RunAsync("audit", "verify"));
        Assert.Equal("/a:3: edited: a line\nbroken: 2 records in 1 files, 1 to 2, 1 torn by a crash, as the log says\n", _console.Out);

        Assert.Equal(ExitCodes.Failure, await _cli.RunAsync("audit", "verify", "--json"));
        var json = JsonDocument.Parse(_console.Out[_console.Out.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
        Assert.False(json.GetProperty("whole").GetBoolean());
        Assert.Equal(("edited", 3), (json.GetProperty("problems")[0].GetProperty("kind").GetString(), json.GetProperty("problems")[0].GetProperty("line").GetInt32()));
    }
}
