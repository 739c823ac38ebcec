using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

public sealed class UpCommandTests
{
    private readonly TestConsole _console = new();
    private readonly FakeRun _run = new FakeRun { Servers = [Rows.Starting("slow"), Rows.Ready()] }.Settle();

    [Fact(Timeout = 20_000)]
    public async Task Up_UntilStopped_ShowsEndpointSnippetsAndServersAsTheyCome()
    {
        var cli = new Fakes.Cli(_run, _console);
        using var stop = new CancellationTokenSource();

        var running = cli.RunAsync(stop.Token, "up");
        await _console.WaitForErrorAsync("+ demo: 4 tools, 1 prompt, 2 resources, in-process, 2026-07-28");
        _run.Tell(Rows.Ready("slow", 1));
        await _console.WaitForErrorAsync("+ slow: 1 tool, ");
        _run.Tell(Rows.Failed("slow", "exited with code 3\u001b[2J"));
        await _console.WaitForErrorAsync("! slow: failed - exited with code 3\\x1b[2J");
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Success, await running);
        Assert.True(_run.IsDisposed);
        Assert.Contains("http://127.0.0.1:3000/mcp", _console.Out, StringComparison.Ordinal);
        Assert.Contains("claude mcp add --transport http mimir http://127.0.0.1:3000/mcp", _console.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("4 tools", _console.Out, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Up_SameNewsTwice_IsShownOnce()
    {
        var cli = new Fakes.Cli(_run, _console);
        using var stop = new CancellationTokenSource();

        var running = cli.RunAsync(stop.Token, "up");
        _run.Tell(Rows.Ready());
        _run.Tell(Rows.Ready("last"));
        await _console.WaitForErrorAsync("+ last");
        await stop.CancelAsync();
        await running;

        Assert.Single(_console.Error.Split('\n'), l => l.StartsWith("+ demo", StringComparison.Ordinal));
    }

    [Theory(Timeout = 20_000)]
    [InlineData(true, "up")]
    [InlineData(false, "up", "--http", "127.0.0.1:3000")]
    public async Task Up_PortNamedOrNot_DecidesWhetherItMayMove(bool mayMove, params string[] args)
    {
        var cli = new Fakes.Cli(_run, _console);
        using var stop = new CancellationTokenSource();

        var running = cli.RunAsync(stop.Token, args);
        await _console.WaitForErrorAsync("Ctrl-C");
        await stop.CancelAsync();
        await running;

        Assert.Equal(mayMove, cli.Host.Started!.HttpMayMove);
        Assert.Equal(ListenAddress.Default, cli.Host.Started.Http);
    }

    [Fact(Timeout = 20_000)]
    public async Task Up_NothingConfigured_SaysWhereToConfigure()
    {
        _run.IsDemo = true;
        _run.Notices = ["Port 3000 is taken, using 3001."];
        var cli = new Fakes.Cli(_run, _console);
        using var stop = new CancellationTokenSource();

        var running = cli.RunAsync(stop.Token, "up");
        await _console.WaitForErrorAsync("Ctrl-C");
        await stop.CancelAsync();
        await running;

        Assert.Contains("/home/someone/.config/mimir/mimir.json", _console.Error, StringComparison.Ordinal);
        Assert.Contains("Port 3000 is taken, using 3001.", _console.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("taken", _console.Out, StringComparison.Ordinal);
    }

    [Theory(Timeout = 20_000)]
    [InlineData(null, false)]
    [InlineData("MIMIR_CONFIG", true)]
    [InlineData("XDG_CONFIG_HOME", true)]
    [InlineData("MCP_BACKENDS_CONFIG", true)]
    public async Task Up_ConfigurationNamedInTheEnvironment_IsNamedInTheCommandToPaste(string? variable, bool named)
    {
        var cli = new Fakes.Cli(_run, _console);
        if (variable is not null)
        {
            cli.Variables[variable] = "/somewhere";
        }

        using var stop = new CancellationTokenSource();
        var running = cli.RunAsync(stop.Token, "up");
        await _console.WaitForErrorAsync("Ctrl-C");
        await stop.CancelAsync();
        await running;

        Assert.Equal(named, _console.Out.Contains("/home/someone/.config/mimir/mimir.json", StringComparison.Ordinal));
    }

    [Fact]
    public void Snippets_Shapes_AreWhatEachClientReads()
    {
        var environment = new CliEnvironment
        {
            Variable = name => name == "DOTNET_ROOT" ? "/opt/net" : null,
            WorkingDirectory = "/",
            SelfCommand = ["/usr/bin/dotnet", "/opt/a \"b\"/mimir.dll"],
        };

        var snippets = Views.ClientSnippets.Create(new Uri("http://127.0.0.1:3001/mcp"), environment, "/etc/mimir").ToDictionary(s => s.Client, s => s.Text);

        var desktop = JsonDocument.Parse(snippets["Claude Desktop"]).RootElement.GetProperty("mcpServers").GetProperty("mimir");
        Assert.Equal("/usr/bin/dotnet", desktop.GetProperty("command").GetString());
        Assert.Equal(["/opt/a \"b\"/mimir.dll", "serve", "--config", "/etc/mimir"], desktop.GetProperty("args").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal("/opt/net", desktop.GetProperty("env").GetProperty("DOTNET_ROOT").GetString());
        Assert.Equal("claude mcp add --transport http mimir http://127.0.0.1:3001/mcp", snippets["Claude Code"]);
        Assert.Equal(
            "http://127.0.0.1:3001/mcp",
            JsonDocument.Parse(snippets["Cursor"]).RootElement.GetProperty("mcpServers").GetProperty("mimir").GetProperty("url").GetString());
        var code = JsonDocument.Parse(snippets["VS Code"]).RootElement.GetProperty("servers").GetProperty("mimir");
        Assert.Equal("http", code.GetProperty("type").GetString());
        Assert.Equal("http://127.0.0.1:3001/mcp", code.GetProperty("url").GetString());
    }

    [Fact]
    public void Snippets_DefaultConfiguration_NameNone()
    {
        var environment = new CliEnvironment { Variable = _ => null, WorkingDirectory = "/", SelfCommand = ["/opt/mimir"] };

        var text = Views.ClientSnippets.Create(new Uri("http://127.0.0.1:3000/mcp"), environment, null)[0].Text;

        var desktop = JsonDocument.Parse(text).RootElement.GetProperty("mcpServers").GetProperty("mimir");
        Assert.Equal(["serve"], desktop.GetProperty("args").EnumerateArray().Select(a => a.GetString()));
        Assert.False(desktop.TryGetProperty("env", out _));
    }
}
