using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Mimir.Cli.Commands;
using Mimir.Cli.Hosting;
using Mimir.Cli.Teaching;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

/// <summary>The skill for agents: where it is put, whose files stay, and that what it teaches is true.</summary>
public sealed class SkillCommandTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("mimir-home-").FullName;

    private string Claude => Path.Combine(_home, ".claude", "skills", "mimir", "SKILL.md");

    private string Shared => Path.Combine(_home, ".agents", "skills", "mimir", "SKILL.md");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact(Timeout = 20_000)]
    public async Task Install_AgentsThatAreHere_HaveItAndAreShown()
    {
        Directory.CreateDirectory(Path.Combine(_home, ".claude"));

        var (code, text, _) = await RunAsync("skill", "install");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal($"installed {Claude}\ninstalled {Shared}\n", text);
        Assert.Equal(TaughtSkill.Text, await File.ReadAllTextAsync(Claude, TestContext.Current.CancellationToken));
        Assert.StartsWith("---\nname: mimir\n", TaughtSkill.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_home, ".codex")));
        Assert.Equal($"unchanged {Claude}\nunchanged {Shared}\n", (await RunAsync("skill", "install")).Out);

        (code, text, _) = await RunAsync("skill", "uninstall");
        Assert.Equal((ExitCodes.Success, $"removed {Claude}\nremoved {Shared}\n"), (code, text));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_home, ".claude", "skills")));
        Assert.Equal($"absent {Claude}\nabsent {Shared}\n", (await RunAsync("skill", "uninstall")).Out);
    }

    [Fact(Timeout = 20_000)]
    public async Task Install_CodexAndAFolderOfOnesOwn_AreWrittenWhereTheySay()
    {
        Directory.CreateDirectory(Path.Combine(_home, ".codex"));
        Assert.Contains(Path.Combine(_home, ".codex", "skills", "mimir", "SKILL.md"), (await RunAsync("skill", "install")).Out, StringComparison.Ordinal);

        var (code, text, _) = await RunAsync("skill", "install", "--dir", Path.Combine(_home, "mine"), "--json");
        var place = Assert.Single(JsonElement.Parse(text).GetProperty("places").EnumerateArray());
        Assert.Equal((0, Path.Combine(_home, "mine", "mimir", "SKILL.md"), "installed"), (code, place.GetProperty("path").GetString(), place.GetProperty("state").GetString()));
    }

    [Fact(Timeout = 20_000)]
    public async Task Install_FileOfSomebodyElse_StaysUnlessForced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Shared)!);
        await File.WriteAllTextAsync(Shared, "my own", TestContext.Current.CancellationToken);

        var (code, text, talk) = await RunAsync("skill", "install");
        Assert.Equal((ExitCodes.Failure, $"kept {Shared}\n"), (code, text));
        Assert.Contains("--force", talk, StringComparison.Ordinal);
        Assert.Equal("my own", await File.ReadAllTextAsync(Shared, TestContext.Current.CancellationToken));

        // What was never ours is removed by no word.
        Assert.Equal($"kept {Shared}\n", (await RunAsync("skill", "uninstall", "--force")).Out);
        Assert.Equal("my own", await File.ReadAllTextAsync(Shared, TestContext.Current.CancellationToken));

        Assert.Equal($"updated {Shared}\n", (await RunAsync("skill", "install", "--force")).Out);
        Assert.Equal(TaughtSkill.Text, await File.ReadAllTextAsync(Shared, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 20_000)]
    public async Task Install_OursButChanged_StaysUnlessForcedAndOfAnotherVersionIsReplaced()
    {
        await RunAsync("skill", "install");
        await File.WriteAllTextAsync(Shared, TaughtSkill.Text.Replace("Look first", "Look twice", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal(SkillState.Changed, TaughtSkill.Look(Shared));
        Assert.Equal($"kept {Shared}\n", (await RunAsync("skill", "install")).Out);
        Assert.Equal($"kept {Shared}\n", (await RunAsync("skill", "uninstall")).Out);
        Assert.Equal($"removed {Shared}\n", (await RunAsync("skill", "uninstall", "--force")).Out);

        // As another version would have written it.
        const string Other = "---\nname: mimir\n---\nolder\n";
        var mark = TaughtSkill.Text[TaughtSkill.Text.IndexOf("<!-- Written", StringComparison.Ordinal)..].Split(' ')[..^2];
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Other)));
        Directory.CreateDirectory(Path.GetDirectoryName(Shared)!);
        await File.WriteAllTextAsync(Shared, $"{Other}{string.Join(' ', mark)} {digest} -->\n", TestContext.Current.CancellationToken);
        Assert.Equal(SkillState.Ours, TaughtSkill.Look(Shared));
        Assert.Equal($"updated {Shared}\n", (await RunAsync("skill", "install")).Out);
    }

    [Fact(Timeout = 20_000)]
    public async Task Install_NoHome_SaysToNameTheFolder()
    {
        var console = new TestConsole();
        var code = await new Fakes.Cli(new FakeRun(), console).RunAsync("skill", "install");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("--dir", console.Error, StringComparison.Ordinal);
    }

    /// <summary>Every line that begins with <c>mimir</c>, and every such word in backquotes, is one that this program takes.</summary>
    [Fact]
    public void Text_EveryCommand_IsOneOfTheTree()
    {
        var console = new TestConsole();
        var tree = new MimirCommand(new Fakes.Cli(new FakeRun(), console).Context);
        var blocks = TaughtSkill.Text.Split("```");
        var lines = blocks.Where((_, i) => i % 2 == 1).SelectMany(b => b.Split('\n')).Select(l => l.Split(" #")[0].Trim())
            .Concat(blocks.Where((_, i) => i % 2 == 0).SelectMany(b => b.Split('`').Where((_, i) => i % 2 == 1)))
            .Where(l => l.StartsWith("mimir ", StringComparison.Ordinal)).ToList();

        Assert.True(lines.Count > 25, $"{lines.Count}");
        foreach (var line in lines)
        {
            var words = CommandLineParser.SplitCommandLine(line.Replace('\'', '"').Replace("{\"key\":\"value\"}", "{}", StringComparison.Ordinal)).Skip(1).ToList();
            var parsed = tree.Parse(words);
            Assert.True(parsed.Errors.Count == 0, $"{line}: {string.Join(", ", parsed.Errors.Select(e => e.Message))}");
            Assert.True(parsed.CommandResult.Command.Subcommands.Count == 0, $"{line} is no whole command");
        }
    }

    private async Task<(int Code, string Out, string Error)> RunAsync(params string[] words)
    {
        var console = new TestConsole();
        var cli = new Fakes.Cli(new FakeRun(), console);
        cli.Variables[OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME"] = _home;
        var code = await cli.RunAsync(words);
        return (code, console.Out, console.Error);
    }
}
