using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;
using Mimir.Configuration.Model;
using Mimir.Router.Model;

namespace Mimir.Cli.Tests.Commands;

/// <summary>What <c>mimir new plugin</c> writes is a plugin that is run, under strict rules, and nothing that is there is touched.</summary>
public sealed class NewPluginCommandTests
{
    [Fact(Timeout = 20_000)]
    public async Task New_WithACommand_IsAManifestThatStartsIt()
    {
        using var folder = new Folder(("mimir.json", "{}"));

        var (code, text, talk) = await folder.RunAsync("new", "plugin", "files", "-d", "Says \"hi\"\t\\o/", "--", "npx", "-y", "some-server", "a b", "C:\\d", "${HOME}");

        Assert.True(code == 0, talk);
        Assert.Equal(folder.At("plugins/files/plugin.toml") + "\n", text);
        Assert.Equal(["mimir.json", "plugins/files/plugin.toml"], folder.Files);
        var read = folder.Host.Configuration(folder.Path).Read();
        Assert.Empty(read.Issues);
        var plugin = Assert.Single(read.Plugins.Plugins);
        Assert.Equal((PluginStatus.Ok, "0.1.0", "Says \"hi\"\t\\o/"), (plugin.Status, plugin.Version, plugin.Description));
        var stdio = Assert.IsType<StdioModel>(Assert.Single(read.Model!.Servers).Transport);
        Assert.Equal("npx", stdio.Command);
        Assert.Equal(["-y", "some-server", "a b", "C:\\d", "${HOME}"], stdio.Arguments);
    }

    [Fact(Timeout = 20_000)]
    public async Task New_RelativeCommand_StartsWhereItWasGiven()
    {
        using var folder = new Folder(("mimir.json", "{}"));
        Assert.Equal(0, (await folder.RunAsync("new", "plugin", "mine", "--", "./run.sh")).Code);
        Assert.Contains($"command = \"{Path.GetFullPath("run.sh", "/here")}\"", folder.Read("plugins/mine/plugin.toml"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task New_WithoutACommand_HasAServerOfItsOwn()
    {
        using var folder = new Folder(("mimir.json", "{}"));

        var (code, text, talk) = await folder.RunAsync("new", "plugin", "first_try");

        Assert.Equal(0, code);
        Assert.Equal(["mimir.json", "plugins/first_try/plugin.toml", "plugins/first_try/server.py"], folder.Files);
        Assert.Equal(2, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("mimir call first_try_hello", talk, StringComparison.Ordinal);
        Assert.DoesNotContain("@", folder.Read("plugins/first_try/plugin.toml") + folder.Read("plugins/first_try/server.py"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task New_EveryExampleTakenIn_IsAManifestThatIsTaken()
    {
        using var folder = new Folder(("mimir.json", "{}"));
        Assert.Equal(0, (await folder.RunAsync("new", "plugin", "full")).Code);
        var examples = 0;
        var lines = folder.Read("plugins/full/plugin.toml").Split('\n').Select(line =>
        {
            var isExample = System.Text.RegularExpressions.Regex.IsMatch(line, @"^# (\[|\w+ = )");
            examples += isExample ? 1 : 0;
            return isExample ? line[2..] : line;
        });
        folder.Write("plugins/full/plugin.toml", string.Join('\n', lines).Replace("credential_refs = []", "credential_refs = [\"API_KEY\"]", StringComparison.Ordinal));

        var plugin = Assert.Single(folder.Host.Configuration(folder.Path).Read().Plugins.Plugins);

        Assert.True(plugin.Status == PluginStatus.PendingSetup, plugin.Reason);
        Assert.Equal(["hosts type=proxmox", "credential API_KEY"], plugin.Missing.Select(m => $"{m.Kind} {m.Detail}"));
        Assert.True(examples >= 14, $"{examples}");
    }

    [Theory(Timeout = 20_000)]
    [InlineData("Bad", "is no name of a plugin")]
    [InlineData("../up", "is no name of a plugin")]
    [InlineData("a.b", "is no name of a plugin")]
    [InlineData("memory", "keeps for itself")]
    [InlineData("router", "keeps for itself")]
    [InlineData("taken", "There is a server or plugin named 'taken' already")]
    [InlineData("off", "There is a server or plugin named 'off' already")]
    [InlineData("there", "is there already")]
    public async Task New_NameThatCannotBe_IsRefusedAndNothingIsWritten(string name, string words)
    {
        using var folder = new Folder(("mimir.json", """{ "mcpServers": { "taken": { "command": "x" }, "off": { "command": "x", "enabled": false } } }"""), ("plugins/there/notes.txt", "mine"));
        var before = folder.Files;

        var (code, _, talk) = await folder.RunAsync("new", "plugin", name);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(words, talk, StringComparison.Ordinal);
        Assert.Equal(before, folder.Files);
    }

    [Fact(Timeout = 20_000)]
    public async Task New_SecretAmongTheArguments_IsRefused()
    {
        using var folder = new Folder(("mimir.json", "{}"));
        var (code, _, talk) = await folder.RunAsync("new", "plugin", "a", "--", "server", "--token", "abcdefghijklmnop0123456789");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.DoesNotContain("abcdefghijklmnop0123456789", talk, StringComparison.Ordinal);
        Assert.Equal(["mimir.json"], folder.Files);
    }

    [Fact(Timeout = 20_000)]
    public async Task New_WithoutTheDashes_SaysToWriteThem()
    {
        using var folder = new Folder(("mimir.json", "{}"));
        var (code, _, talk) = await folder.RunAsync("new", "plugin", "a", "npx");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("Write -- before the program", talk, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task New_ConfigurationIsAFile_SaysToNameAFolder()
    {
        using var folder = new Folder(("mimir.json", "{}"));
        var console = new TestConsole();
        var code = await new Fakes.Cli(new FakeRun(), console).RunAsync("--config", folder.At("mimir.json"), "new", "plugin", "a");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("Name a folder", console.Error, StringComparison.Ordinal);
    }
}
