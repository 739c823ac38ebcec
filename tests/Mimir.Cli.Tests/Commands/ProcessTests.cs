using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

/// <summary>The real program, where streams and exit codes are the system's own.</summary>
public sealed class ProcessTests
{
    [Fact(Timeout = 60_000)]
    public async Task Version_RealProcess_IsOneLineWithoutByteOrderMark()
    {
        using var mimir = new MimirProcess("--version");

        var (code, output, error) = await mimir.FinishAsync();

        Assert.Equal(ExitCodes.Success, code);
        Assert.Matches(@"^mimir \d+\.\d+\.\d+\S*\n$", output);
        Assert.Empty(error);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("serve", "--bogus")]
    [InlineData("serve", "--http", "0.0.0.0:80")]
    [InlineData("nothing")]
    public async Task WrongLine_RealProcess_LeavesStdoutAlone(params string[] args)
    {
        using var mimir = new MimirProcess(args);

        var (code, output, error) = await mimir.FinishAsync();

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Empty(output);
        Assert.StartsWith("mimir: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tools_EveryServerSwitchedOff_ShowsNoneAndNoDemo()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"mcpServers":{"off":{"command":"true","enabled":false}}}""");
        try
        {
            using var mimir = new MimirProcess("tools", "--json", "--config", file);

            var (code, output, error) = await mimir.FinishAsync();

            Assert.Equal(ExitCodes.Success, code);
            Assert.Empty(System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("tools").EnumerateArray());
            Assert.Contains("switched off", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Help_ReaderHasGone_EndsQuietly()
    {
        using var mimir = new MimirProcess("--help");
        mimir.Child.StandardOutput.Close();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await mimir.Child.WaitForExitAsync(limit.Token);

        Assert.Equal(ExitCodes.Success, mimir.Child.ExitCode);
        Assert.Empty(await mimir.Child.StandardError.ReadToEndAsync(limit.Token));
    }
}
