using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;
using Mimir.Configuration.Import;
using Mimir.Configuration.Sources;
using Mimir.Router.Files;

namespace Mimir.Cli.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-import-").FullName;

    public ImportCommandTests()
    {
        Directory.CreateDirectory(At("project"));
        File.WriteAllText(At("a.json"), """{ "mcpServers": { "a": { "command": "one", "env": { "K": "s3cr3t" } }, "me": { "command": "mimir", "args": ["serve"] } } }""");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Import_NobodyToAsk_ShowsAndWritesNothing()
    {
        var console = new TestConsole();

        Assert.Equal(ExitCodes.Usage, await RunAsync(console, "import", At("a.json")));

        Assert.Equal($"a file (file): {At("a.json")}\n  a: new\n    + command: one\n    + env.K: ***\n  me: not importable: it is Mimir itself\n", console.Out);
        Assert.Contains("Add --yes", console.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("config")));
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("YES", true)]
    [InlineData("n", false)]
    [InlineData("", false)]
    public async Task Import_SomebodyAsked_WritesWhenToldTo(string answer, bool isWritten)
    {
        var console = new TestConsole(terminal: true, typed: [answer]);

        Assert.Equal(ExitCodes.Success, await RunAsync(console, "import", At("a.json")));

        Assert.Equal(isWritten, File.Exists(At("config/servers/a.json")));
        Assert.Contains(isWritten ? "1 server is imported. mimir list" : "Nothing is written.", console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_AnotherShellAddsMeanwhile_LeavesWhatItAdded()
    {
        var console = new TestConsole(terminal: true, typed: ["y"]);
        console.Lines.Meanwhile = () =>
        {
            Directory.CreateDirectory(At("config/servers"));
            File.WriteAllText(At("config/servers/a.json"), "{ \"command\": \"precious\" }");
        };

        Assert.Equal(ExitCodes.Unavailable, await RunAsync(console, "import", At("a.json")));

        Assert.Contains("precious", File.ReadAllText(At("config/servers/a.json")), StringComparison.Ordinal);
        Assert.Contains("changed since this was shown", console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_YesThenAgainThenUndo_SaysWhatIsDone()
    {
        var console = new TestConsole();

        Assert.Equal(ExitCodes.Success, await RunAsync(console, "import", At("a.json"), "--only", "a", "--as", "a=b", "--yes"));
        Assert.True(File.Exists(At("config/servers/b.json")));
        Assert.Equal(ExitCodes.Success, await RunAsync(console, "import", At("a.json"), "--only", "a", "--as", "a=b", "--yes"));
        Assert.Contains("There is nothing to import.", console.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, await RunAsync(console, "import", "--undo"));
        Assert.Contains($"As before the last import: {At("config/servers/b.json")}.", console.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await RunAsync(console, "import", "--undo"));
        Assert.False(File.Exists(At("config/servers/b.json")));
    }

    [Fact]
    public async Task Import_Json_IsOneObjectAndWritesOnlyWithYes()
    {
        var console = new TestConsole();

        Assert.Equal(ExitCodes.Success, await RunAsync(console, "import", At("a.json"), "--json"));

        using var json = JsonDocument.Parse(console.Out);
        var server = json.RootElement.GetProperty("files")[0].GetProperty("servers")[0];
        Assert.Equal(("a", "new", true), (server.GetProperty("name").GetString(), server.GetProperty("state").GetString(), server.GetProperty("written").GetBoolean()));
        Assert.DoesNotContain("s3cr3t", console.Out + console.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("config")));
        Assert.Equal(ExitCodes.Success, await RunAsync(new TestConsole(), "import", At("a.json"), "--json", "--yes"));
        Assert.True(File.Exists(At("config/servers/a.json")));
    }

    [Fact]
    public async Task Import_WhatWouldBeInvalid_WritesNothingAndShowsTheErrors()
    {
        File.WriteAllText(At("a.json"), """{ "mcpServers": { "a": { "command": "x", "env": { "K": "${NOT_SET_ANYWHERE}" } } } }""");
        var console = new TestConsole();

        Assert.Equal(ExitCodes.Configuration, await RunAsync(console, "import", At("a.json"), "--yes"));

        Assert.Contains("nothing is written. The files as they would be:\n", console.Error, StringComparison.Ordinal);
        Assert.Contains("NOT_SET_ANYWHERE is not set", console.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("config")));
    }

    [Fact]
    public async Task Import_FaultyFile_IsAConfigurationError()
    {
        File.WriteAllText(At("a.toml"), "[mcp_servers.a]\ncommand = x\n");
        var console = new TestConsole();

        Assert.Equal(ExitCodes.Configuration, await RunAsync(console, "import", At("a.toml"), "--yes"));

        Assert.Contains($"{At("a.toml")}:2:11: error:", console.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--only", "a")]
    [InlineData("--as", "a=b")]
    [InlineData("--replace")]
    [InlineData("--yes")]
    [InlineData("cursor", "--undo")]
    [InlineData("cursor", "--as", "a")]
    [InlineData("cursor", "--as", "a=")]
    [InlineData("cursor", "--as", "a=b", "--as", "a=c")]
    public async Task Import_WhatDoesNotGoTogether_IsRefused(params string[] words) =>
        Assert.Equal(ExitCodes.Usage, await RunAsync(new TestConsole(), ["import", .. words]));

    [Fact]
    public async Task Import_HostileNames_DoNotReachTheTerminal()
    {
        File.WriteAllText(At("a.json"), """{ "mcpServers": { "a\u001b[31m": { "command": "\u001b[2J", "x\u001b[1m": 1 } } }""");
        var console = new TestConsole();

        await RunAsync(console, "import", At("a.json"));
        await RunAsync(console, "import", At("a.json"), "--as", "a\u001b[31m=b", "--yes");

        Assert.DoesNotContain('\u001b', console.Out + console.Error);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private Task<int> RunAsync(TestConsole console, params string[] words)
    {
        var cli = new Fakes.Cli(new FakeRun(), console);
        cli.Host.Importing = _ => new Importer(
            new ConfigLocation(At("config"), IsExplicit: false, "the test"), ProcessEnvironment.Instance, null, new ImportJournal(SystemDisk.Instance, At("imports")), At("project"), ListenAddress.DefaultPort);
        return cli.RunAsync(words);
    }
}
