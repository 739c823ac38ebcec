using System.Text.Json;
using Mimir.Cli.Commands;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

public sealed class CommandLineTests
{
    private readonly TestConsole _console = new();
    private readonly FakeRun _run = new FakeRun { Servers = [Rows.Ready()], Tools = [Rows.Tool("demo_echo")] }.Settle();

    private Fakes.Cli NewCli() => new(_run, _console);

    [Fact(Timeout = 20_000)]
    public async Task Version_Asked_IsOneLineOnStdout()
    {
        var code = await NewCli().RunAsync("--version");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Matches(@"^mimir \d+\.\d+\.\d+\S*\n$", _console.Out);
        Assert.Empty(_console.Error);
    }

    [Theory(Timeout = 20_000)]
    [InlineData()]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_OfTheRoot_NamesEveryCommand(params string[] args)
    {
        var code = await NewCli().RunAsync(args);

        Assert.Equal(ExitCodes.Success, code);
        Assert.All(["up", "serve", "list", "tools", "inspect", "route", "call", "--config", "$MIMIR_CONFIG"], word => Assert.Contains(word, _console.Out, StringComparison.Ordinal));
        Assert.Contains("mimir [command]", _console.Out, StringComparison.Ordinal);
        Assert.Empty(_console.Error);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("up", "--http")]
    [InlineData("serve", "--http")]
    [InlineData("list", "--json")]
    [InlineData("tools", "--json")]
    [InlineData("inspect", "--json")]
    [InlineData("call", "--args")]
    public async Task Help_OfACommand_ShowsItsOptions(string command, string option)
    {
        var code = await NewCli().RunAsync(command, "--help");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains(option, _console.Out, StringComparison.Ordinal);
        Assert.Contains("--config <FILE|DIR>", _console.Out, StringComparison.Ordinal);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("lsit", "Did you mean 'list'?")]
    [InlineData("list --jsn", "Did you mean '--json'?")]
    [InlineData("up --http 0.0.0.0:3000", "no authentication yet")]
    [InlineData("serve --http nonsense", "is not an IP address")]
    [InlineData("up --http", "--http")]
    [InlineData("call", "NAME")]
    [InlineData("call x --args {", "not valid JSON")]
    [InlineData("call x --args [1]", "must be a JSON object")]
    [InlineData("call x --args {\"a\":1,\"a\":2}", "not valid JSON")]
    [InlineData("list extra", "extra")]
    public async Task WrongLine_AnyMistake_ExitsWithUsageAndSaysWhat(string line, string expected)
    {
        var cli = NewCli();

        var code = await cli.RunAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(expected, _console.Error, StringComparison.Ordinal);
        Assert.Contains("--help", _console.Error, StringComparison.Ordinal);
        Assert.Empty(_console.Out);
        Assert.Null(cli.Host.Started);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("--config", "/etc/m.json", "list")]
    [InlineData("list", "--config", "/etc/m.json")]
    [InlineData("list", "--config=/etc/m.json")]
    public async Task Config_AnywhereOnTheLine_ReachesTheHost(params string[] args)
    {
        var cli = NewCli();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync(args));
        Assert.Equal("/etc/m.json", cli.Host.Started!.Config);
    }

    [Fact(Timeout = 20_000)]
    public async Task Config_StartingWithAt_IsAValueAndNotAFileOfWords()
    {
        var cli = NewCli();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("list", "--config", "@here"));
        Assert.Equal("@here", cli.Host.Started!.Config);
    }

    [Fact(Timeout = 20_000)]
    public async Task Serve_WithOptions_HandsThemOn()
    {
        var cli = NewCli();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("serve", "--http", ":8080", "--config", "c"));
        Assert.Equal(new ServeRequest("c", new ListenAddress(System.Net.IPAddress.Loopback, 8080)), cli.Host.Served);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("--resources=false", false, true)]
    [InlineData("--prompts=false", true, false)]
    [InlineData("--resources", true, true)]
    public async Task Serve_WithheldKinds_AreHandedOn(string flag, bool resources, bool prompts)
    {
        var cli = NewCli();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("serve", flag));
        Assert.Equal(new ServeRequest(null, null) { HasResources = resources, HasPrompts = prompts }, cli.Host.Served);
    }

    [Fact(Timeout = 20_000)]
    public async Task List_Table_ShowsEveryServerAndItsState()
    {
        _run.Servers = [Rows.Ready(), Rows.Failed("broken", "spawn \u001b[2J failed\nsecond line")];

        var code = await NewCli().RunAsync("list");

        Assert.Equal(ExitCodes.Success, code);
        var lines = _console.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("NAME", lines[0], StringComparison.Ordinal);
        Assert.Matches(@"^demo +ready +in-process +modern +2026-07-28 +4 +1 +1 +1$", lines[1]);
        Assert.Matches(@"^broken +failed +stdio +- +- +- +-  spawn \\x1b\[2J failed second line$", lines[2]);
        Assert.True(_run.IsDisposed);
    }

    [Fact(Timeout = 20_000)]
    public async Task List_Json_HasTheDocumentedShape()
    {
        _run.Servers = [Rows.Ready(), Rows.Failed("broken", "\u001b[2J")];

        await NewCli().RunAsync("list", "--json");

        Assert.DoesNotContain('\u001b', _console.Out);
        var servers = JsonDocument.Parse(_console.Out).RootElement.GetProperty("servers");
        Assert.Equal(
            ["name", "state", "transport", "era", "revision", "tools", "prompts", "resources", "templates", "stale", "garbage", "strays", "detail",
                "healthy", "objection", "circuitState", "errorCount", "open", "waiting", "cluster", "priority"],
            servers[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("""["demo","ready","in-process","modern","2026-07-28",4,1,1,1,false,0,0,null,true,null,null,0,0,0,null,10]""", Values(servers[0]));
        Assert.Equal("""["broken","failed","stdio",null,null,0,0,0,0,false,0,0,"\u001B[2J",true,null,null,0,0,0,null,10]""", Values(servers[1]));
    }

    [Fact(Timeout = 20_000)]
    public async Task Tools_Json_CarriesWholeDefinitionsUnchangedInValue()
    {
        const string Definition =
            """{"name":"demo_big","description":"a\u001b[31mb\u202ec","inputSchema":{"type":"object","x-future":[1e400,0.10,12345678901234567890]},"_meta":{"k":"\ud800"}}""";
        _run.Tools = [Rows.Tool("demo_big", definition: Definition)];

        await NewCli().RunAsync("tools", "--json");

        Assert.DoesNotContain('\u001b', _console.Out);
        Assert.DoesNotContain('\u202e', _console.Out);
        var tool = JsonDocument.Parse(_console.Out).RootElement.GetProperty("tools")[0];
        Assert.Equal(["name", "server", "era", "stale", "tool"], tool.EnumerateObject().Select(p => p.Name));
        Assert.Equal("a\u001b[31mb\u202ec", tool.GetProperty("tool").GetProperty("description").GetString());
        Assert.Equal(
            ["1e400", "0.10", "12345678901234567890"],
            tool.GetProperty("tool").GetProperty("inputSchema").GetProperty("x-future").EnumerateArray().Select(n => n.GetRawText()));
        Assert.Equal("\"\\ud800\"", tool.GetProperty("tool").GetProperty("_meta").GetProperty("k").GetRawText());
    }

    [Fact(Timeout = 20_000)]
    public async Task Tools_JsonWithANameThatIsNoText_StillPrints()
    {
        _run.Tools = [Rows.Tool("t", definition: "{\"name\":\"t\",\r\n\t\"\\ud800\":1}")];

        Assert.Equal(ExitCodes.Success, await NewCli().RunAsync("tools", "--json"));
        Assert.DoesNotContain('\r', _console.Out);
        using var printed = JsonDocument.Parse(_console.Out);
        Assert.Contains("{\"name\":\"t\",\n \"\\ud800\":1}".Replace("\n", " \n", StringComparison.Ordinal), _console.Out, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Tools_Table_SaysWhichServersAreMissing()
    {
        _run.Servers = [Rows.Ready(), Rows.Failed("broken", "no such command")];

        await NewCli().RunAsync("tools");

        Assert.Contains("demo_echo  demo    Does things.", _console.Out, StringComparison.Ordinal);
        Assert.Contains("broken is failed: no such command", _console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Failure_OfTheHost_IsShownWithoutAStackAndSetsTheExitCode()
    {
        var cli = new Fakes.Cli(_run, _console);
        var context = cli.Context with { Host = new FakeHost(_ => throw new CommandFailure(ExitCodes.Configuration, "mimir.json:3: 'comand' is unknown\nwrite 'command'")) };

        var code = await CommandLineRunner.RunAsync(["list"], context, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Configuration, code);
        Assert.Equal("mimir: mimir.json:3: 'comand' is unknown\nwrite 'command'\n", _console.Error);
    }

    [Theory(Timeout = 20_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UnexpectedException_Always_IsOneLineUnlessDebugging(bool debugging)
    {
        var cli = new Fakes.Cli(_run, _console);
        if (debugging)
        {
            cli.Variables["MIMIR_DEBUG"] = "1";
        }

        var context = cli.Context with { Host = new FakeHost(_ => throw new InvalidOperationException("odd")) };

        var code = await CommandLineRunner.RunAsync(["list"], context, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Failure, code);
        Assert.StartsWith("mimir: unexpected InvalidOperationException: odd\n", _console.Error, StringComparison.Ordinal);
        Assert.Equal(debugging, _console.Error.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact(Timeout = 20_000)]
    public async Task List_InterruptedWhileServersStart_ExitsWith130()
    {
        var cli = new Fakes.Cli(new FakeRun { Servers = [Rows.Starting("slow")] }, _console);
        using var stop = new CancellationTokenSource();

        var running = cli.RunAsync(stop.Token, "list");
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Interrupted, await running);
    }

    private static string Values(JsonElement value) =>
        "[" + string.Join(',', value.EnumerateObject().Select(p => p.Value.ValueKind == JsonValueKind.String
            ? JsonSerializer.Serialize(p.Value.GetString())
            : p.Value.GetRawText())) + "]";
}
