using System.Threading.Channels;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;
using Mimir.Configuration.Watching;

namespace Mimir.Configuration.Tests.Watching;

/// <summary>Files that come, change and go while they are watched: real ones, on a real clock.</summary>
public sealed class ConfigWatchTests : IAsyncDisposable
{
    private const string One = """{ "mcpServers": { "one": { "command": "/bin/true" } } }""";
    private const string Two = """{ "mcpServers": { "two": { "command": "/bin/true" } } }""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Channel<ConfigResult> _read = Channel.CreateUnbounded<ConfigResult>();
    private readonly Workspace _workspace = new();
    private readonly ConfigWatch _watch;

    public ConfigWatchTests()
    {
        _workspace.Write("mimir.json", One);
        _watch = new ConfigWatch(
            ConfigLocation.Find(_workspace.Folder, _workspace.Environment), _workspace.Environment, TimeProvider.System, result => _read.Writer.TryWrite(result), _workspace.Vault);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Begin_ReadsOnce_ForFilesMayHaveChangedBefore()
    {
        Assert.Equal(["one"], await NamesAsync());
        await NothingAsync();
    }

    [Fact]
    public async Task File_Changed_IsReadAgain()
    {
        await NamesAsync();
        _workspace.Write("mimir.json", Two);
        Assert.Equal(["two"], await NamesAsync());
        await NothingAsync();
    }

    [Fact]
    public async Task File_ReplacedByOneOfTheSameLength_IsReadAgain()
    {
        await NamesAsync();
        var file = _workspace.Write("next", Two);
        File.Move(file, _workspace.Main, overwrite: true);
        Assert.Equal(["two"], await NamesAsync());
    }

    [Fact]
    public async Task Skill_ComesChangesAndGoes_IsReadAgainWithinASecond()
    {
        await _read.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var folder = Path.Combine(_workspace.Folder, "elsewhere");
        Assert.Equal("", await BodyAsync(() => _workspace.Write("mimir.json", """{ "skills": { "skillsDir": "elsewhere" } }""")));
        Assert.Equal("one", await BodyAsync(() => _workspace.Write("elsewhere/deep/a.md", "---\nname: a\ndescription: d\n---\none")));
        Assert.Equal("two", await BodyAsync(() => _workspace.Write("elsewhere/deep/a.md", "---\nname: a\ndescription: d\n---\ntwo")));
        Assert.Equal("", await BodyAsync(() => Directory.Delete(folder, recursive: true)));
        await NothingAsync();

        async Task<string> BodyAsync(Action change)
        {
            change();
            var begun = TimeProvider.System.GetTimestamp();
            var result = await _read.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
            Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(5));
            return string.Concat(result.Skills.Model.All.Select(s => s.Body));
        }
    }

    [Fact]
    public async Task Skill_InADefaultPlaceThatWasNotThere_IsReadOnceItIs()
    {
        var place = new ConfigLocation(Path.Combine(_workspace.Folder, "later"), IsExplicit: false, "the default place");
        var read = Channel.CreateUnbounded<ConfigResult>();
        await using var watch = new ConfigWatch(place, _workspace.Environment, TimeProvider.System, result => read.Writer.TryWrite(result), _workspace.Vault);
        Assert.False((await read.Reader.ReadAsync(TestContext.Current.CancellationToken)).NamesServers);

        _workspace.Write("later/skills/a.md", "---\nname: a\ndescription: d\n---\n");

        var result = await read.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        Assert.Equal("skill_a", Assert.Single(result.Skills.Model.All).ToolName);
    }

    [Fact]
    public async Task FileOfAServer_ComesAndGoes_IsReadAgain()
    {
        await NamesAsync();
        var file = _workspace.Write("servers/more.json", """{ "command": "/bin/true" }""");
        Assert.Equal(["one", "more"], await NamesAsync());
        File.Delete(file);
        Assert.Equal(["one"], await NamesAsync());
    }

    [Fact]
    public async Task File_Broken_IsToldWithItsPlaceAndSoIsTheMendedOne()
    {
        await NamesAsync();
        _workspace.Write("mimir.json", "{ \"mcpServers\": {\n  \"two\": { \"comand\": 1 } } }");
        var broken = await NextAsync();
        Assert.Null(broken.Model);
        Assert.Contains(broken.Issues, i => i.ToString().Contains("mimir.json:2", StringComparison.Ordinal) && i.ToString().Contains("command", StringComparison.Ordinal));
        _workspace.Write("mimir.json", Two);
        Assert.Equal(["two"], await NamesAsync());
    }

    [Fact]
    public async Task FilesOfSecrets_Changed_AreReadAgainWhileSomebodyRefersToOne()
    {
        var vault = _workspace.Write("vault", "1");
        _workspace.Vault.Files = [vault];
        await NamesAsync();
        _workspace.Write("vault", "22");
        await NothingAsync();

        _workspace.Vault["A_KEY"] = "1";
        _workspace.Write("mimir.json", """{ "mcpServers": { "one": { "command": "/bin/true", "credentialRefs": ["A_KEY", "B_KEY"] } } }""");
        Assert.Equal("1", await KeyAsync("A_KEY"));

        _workspace.Vault["A_KEY"] = "2";
        File.Move(_workspace.Write("next", "3"), vault, overwrite: true);
        Assert.Equal("2", await KeyAsync("A_KEY"));

        _workspace.Write(".env", "B_KEY=b\n");
        Assert.Equal("b", await KeyAsync("B_KEY"));
        File.Delete(Path.Combine(_workspace.Folder, ".env"));
        Assert.Null(await KeyAsync("B_KEY"));
        await NothingAsync();
    }

    [Fact]
    public async Task Files_SavedOneAfterTheOther_AreOneChange()
    {
        await NamesAsync();
        for (var i = 0; i < 20; i++) _workspace.Write($"servers/s{i:00}.json", """{ "command": "/bin/true" }""");
        Assert.Equal(21, (await NamesAsync()).Length);
        await NothingAsync();
    }

    /// <summary>The beginning of a file of YAML is a file of YAML.</summary>
    [Fact]
    public async Task File_OpenForWriting_IsNotReadBeforeItIsClosed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux says who writes a file");
        await NamesAsync();
        await using (var writing = new FileStream(Path.Combine(_workspace.Folder, "backends.yaml"), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite))
        {
            await writing.WriteAsync("backends:\n  - { name: half, url: \"http://127.0.0.1:1/mcp\" }\n"u8.ToArray(), TestContext.Current.CancellationToken);
            await writing.FlushAsync(TestContext.Current.CancellationToken);
            await NothingAsync();
            await writing.WriteAsync("  - { name: whole, url: \"http://127.0.0.1:2/mcp\" }\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        Assert.Equal(["one", "half", "whole"], await NamesAsync());
    }

    [Fact]
    public async Task File_WrittenByteByByte_IsReadWhole()
    {
        await NamesAsync();
        await using (var writing = new FileStream(_workspace.Main, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 1))
        {
            foreach (var b in System.Text.Encoding.UTF8.GetBytes(Two))
            {
                writing.WriteByte(b);
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal(["two"], await NamesAsync());
    }

    private async Task<string[]> NamesAsync()
    {
        var result = await NextAsync();
        Assert.True(result.Model is not null, string.Join('\n', result.Issues));
        return [.. result.Model!.Servers.Select(s => s.Name)];
    }

    private async Task<ConfigResult> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _read.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Nothing more is read within the time that two changes would take.</summary>
    private async Task NothingAsync()
    {
        await Task.Delay(4 * ConfigWatch.Every);
        Assert.False(_read.Reader.TryRead(out var read), read?.ToString());
    }

    private async Task<string?> KeyAsync(string name) =>
        ((Mimir.Router.Model.StdioModel)Assert.Single((await NextAsync()).Model!.Servers).Transport).Environment.GetValueOrDefault(name);
}
