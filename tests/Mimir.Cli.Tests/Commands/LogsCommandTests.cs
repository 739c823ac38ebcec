using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

public sealed class LogsCommandTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly TestConsole _console = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mimir-logs-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = 20_000)]
    public async Task Logs_HostileText_IsShownAsEscapes()
    {
        var cli = Fake(new LogRow(Noon, 12, false, "red \u001b[31m\ttab"), new LogRow(Noon, 0, true, "3 lines were dropped here\u001b[2J"));

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("logs", "files"));

        Assert.Equal(
            "2026-11-22T12:00:00.000Z 12 red \\x1b[31m\ttab\n2026-11-22T12:00:00.000Z - -- 3 lines were dropped here\\x1b[2J\n", _console.Out);
        Assert.Contains("said by the host\\x1b", _console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Logs_AsJson_IsAnObjectALine()
    {
        var cli = Fake(new LogRow(Noon, 12, false, "a \"b\" \u001b"), new LogRow(Noon, 12, true, "started"));

        await cli.RunAsync("logs", "files", "--json");

        var lines = _console.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal("a \"b\" \u001b", first.RootElement.GetProperty("text").GetString());
        Assert.Equal("stderr", first.RootElement.GetProperty("source").GetString());
        Assert.Equal(12, first.RootElement.GetProperty("pid").GetInt32());
        Assert.DoesNotContain("\u001b", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"mimir\"", lines[1], StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Logs_Options_ReachTheHost()
    {
        var cli = Fake();

        await cli.RunAsync("logs", "files", "--lines", "7", "--grep", "x y", "--config", "c");

        Assert.Equal(new LogRequest { Server = "files", Lines = 7, Grep = "x y", Config = "c" }, cli.Host.Read);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("-1")]
    [InlineData("100001")]
    [InlineData("many")]
    public async Task Logs_ImpossibleLines_AreRefused(string lines)
    {
        Assert.Equal(ExitCodes.Usage, await Fake().RunAsync("logs", "files", "--lines", lines));
        Assert.Contains("--lines", _console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Logs_FollowedUntilInterrupted_IsASuccess()
    {
        using var stop = new CancellationTokenSource();
        var cli = Fake(new LogRow(Noon, 1, false, "first"));
        var run = cli.RunAsync(stop.Token, "logs", "files", "-f");
        while (!_console.Out.Contains("first", StringComparison.Ordinal))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Success, await run);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("nowhere", ExitCodes.Usage, "There is no server 'nowhere'")]
    [InlineData("chatte", ExitCodes.Usage, "Did you mean 'chatter'?")]
    [InlineData("web", ExitCodes.Usage, "runs elsewhere")]
    [InlineData("off", ExitCodes.Usage, "switched off")]
    [InlineData("chatter", ExitCodes.Unavailable, "mimir inspect chatter")]
    public async Task Logs_NothingToShow_SaysWhyAndWhatToDo(string server, int code, string text)
    {
        var config = Config("exit 0");
        using var mimir = new MimirProcess("logs", server, "--config", config);

        var (ended, output, error) = await mimir.FinishAsync();

        Assert.Equal(code, ended);
        Assert.Empty(output);
        Assert.Contains(text, error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Logs_FollowedAcrossARestartOfTheRouter_GoesOn()
    {
        var config = Config("echo \"I am $$\" >&2; exec cat");
        using var follower = Mimir("logs", "chatter", "-f", "--config", config);
        Assert.Contains("Waiting", await follower.Child.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        for (var round = 0; round < 2; round++)
        {
            using var router = Mimir("serve", "--http", "0", "--config", config);
            Assert.Contains("-- started", await NextAsync(follower), StringComparison.Ordinal);
            Assert.Matches("^\\S+ (\\d+) I am \\1$", await NextAsync(follower));
            router.Signal(round == 0 ? "TERM" : "KILL");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await router.Child.WaitForExitAsync(limit.Token);
            if (round == 0)
            {
                Assert.Matches("-- (exited|ended)", await NextAsync(follower));
            }
        }

        // What has ended is still there to be read.
        using var reader = Mimir("logs", "chatter", "--grep", "i AM", "--config", config);
        var (code, output, error) = await reader.FinishAsync();
        Assert.Equal(ExitCodes.Success, code);
        Assert.Single(output.TrimEnd('\n').Split('\n'));
        Assert.Contains("last one that has ended", error, StringComparison.Ordinal);
    }

    private static async Task<string> NextAsync(MimirProcess follower)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await follower.Child.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("it has ended");
    }

    private Fakes.Cli Fake(params LogRow[] rows)
    {
        var cli = new Fakes.Cli(new FakeRun(), _console);
        cli.Host.Logs = rows;
        return cli;
    }

    private MimirProcess Mimir(params string[] args) => new(Path.Combine(_folder.FullName, "state"), args);

    private string Config(string script)
    {
        var file = Path.Combine(_folder.FullName, "mimir.json");
        var servers = new
        {
            mcpServers = new
            {
                chatter = new { command = "sh", args = (string[])["-c", script], startupTimeout = "60s", protocol = "2025-11-25" },
                web = (object)new { url = "https://example.com/mcp" },
                off = new { command = "true", enabled = false },
            },
        };
        File.WriteAllText(file, JsonSerializer.Serialize(servers));
        return file;
    }
}
