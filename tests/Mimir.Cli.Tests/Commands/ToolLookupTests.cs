using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

public sealed class ToolLookupTests
{
    private readonly TestConsole _console = new();

    [Fact(Timeout = 20_000)]
    public async Task Call_ToolOfAReadyServer_DoesNotWaitForTheOthers()
    {
        // Never settled: the slow one stays slow.
        var run = new FakeRun { Servers = [Rows.Starting("slow"), Rows.Ready()], Tools = [Rows.Tool("echo")] };

        var code = await new Fakes.Cli(run, _console).RunAsync("call", "echo", "--args", """{"text":"x"}""");

        Assert.Equal(ExitCodes.Success, code);
    }

    [Fact(Timeout = 20_000)]
    public async Task Call_ToolOfAServerThatComesLater_IsFoundThen()
    {
        var run = new FakeRun { Servers = [Rows.Starting("demo")] };
        var calling = new Fakes.Cli(run, _console).RunAsync("call", "echo", "--args", """{"text":"x"}""");

        run.Tools = [Rows.Tool("echo")];
        run.Tell(Rows.Ready());

        Assert.Equal(ExitCodes.Success, await calling);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("demo_ecoh", "Did you mean 'demo_echo'?")]
    [InlineData("echo", "Did you mean 'demo_echo'?")]
    [InlineData("zzz", "There is no tool 'zzz'.")]
    public async Task Call_UnknownTool_ExitsWithUsageAndSuggests(string name, string expected)
    {
        var run = new FakeRun { Servers = [Rows.Ready()], Tools = [Rows.Tool("demo_add"), Rows.Tool("demo_echo")] }.Settle();

        var code = await new Fakes.Cli(run, _console).RunAsync("call", name);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(expected, _console.Error, StringComparison.Ordinal);
        Assert.True(run.IsDisposed);
    }

    [Fact(Timeout = 20_000)]
    public async Task Call_ToolThatMayBelongToAFailedServer_IsUnavailable()
    {
        var run = new FakeRun { Servers = [Rows.Ready(), Rows.Failed("broken", "no such command")], Tools = [Rows.Tool("demo_add")] }.Settle();

        var code = await new Fakes.Cli(run, _console).RunAsync("call", "other_tool");

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Contains("'broken' (failed): no such command", _console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Call_InterruptedWhileServersStart_ExitsWith130()
    {
        var run = new FakeRun { Servers = [Rows.Starting("slow")] };
        using var stop = new CancellationTokenSource();

        var calling = new Fakes.Cli(run, _console).RunAsync(stop.Token, "call", "x");
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Interrupted, await calling);
        Assert.True(run.IsDisposed);
    }
}
