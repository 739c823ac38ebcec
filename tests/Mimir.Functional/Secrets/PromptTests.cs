using System.Diagnostics;
using System.Text;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Secrets;

/// <summary>A person types a secret at a real terminal.</summary>
public sealed class PromptTests : IDisposable
{
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("Kanary123\r", 0)]
    [InlineData("Kanary123x\u007f\r", 0)]
    [InlineData("Kanary123\u0003", 130)]
    [InlineData("\r", 2)]
    public async Task Set_AtATerminal_ShowsNothingOfIt(string typed, int expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script here, which gives a program a terminal.");
        using var process = _home.Start("/usr/bin/script", [], ["-qec", $"{await Repository.MimirAsync()} secret set A_KEY", "/dev/null"], ("TERM", "xterm"));
        var shown = new StringBuilder();
        var buffer = new char[1024];
        while (!shown.ToString().Contains("(not shown): ", StringComparison.Ordinal))
        {
            var read = await process.StandardOutput.ReadAsync(buffer);
            Assert.True(read > 0, shown.ToString());
            shown.Append(buffer, 0, read);
        }

        await UntilSilentAsync(process);
        await process.StandardInput.WriteAsync(typed);
        await process.StandardInput.FlushAsync();
        shown.Append(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == expected, $"{process.ExitCode}: {shown}");
        Assert.DoesNotContain("Kan", shown.ToString(), StringComparison.Ordinal);
        var (_, rows, _) = await _home.RunAsync("", "secret", "list", "--json");
        Assert.Equal(expected == 0, rows.Contains("A_KEY", StringComparison.Ordinal));
        if (expected == 0) Assert.Equal("Kanary123", await ReadAsync());
    }

    /// <summary>Waits until the terminal of the program shows nothing that is typed: a person needs longer to begin.</summary>
    private static async Task UntilSilentAsync(Process script)
    {
        var children = $"/proc/{script.Id}/task/{script.Id}/children";
        for (var end = DateTime.UtcNow + TimeSpan.FromSeconds(10); DateTime.UtcNow < end; await Task.Delay(10))
        {
            var child = (await File.ReadAllTextAsync(children)).Trim();
            if (child.Length == 0) continue;
            using var stty = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"stty -a < /proc/{child}/fd/0"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var words = await stty.StandardOutput.ReadToEndAsync();
            await stty.WaitForExitAsync();
            if (words.Contains(" -echo ", StringComparison.Ordinal)) return;
        }
    }

    /// <summary>What a child is given.</summary>
    private async Task<string> ReadAsync()
    {
        var config = new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data).Snitches("one", _home.At("one"), "\"credentialRefs\":[\"A_KEY\"]");
        await using var router = await Router.LegacyAsync(config);
        Assert.NotEmpty(await router.Stdio.ToolNamesAsync());
        return Snitch.Read(_home.At("one"))["A_KEY"];
    }
}
