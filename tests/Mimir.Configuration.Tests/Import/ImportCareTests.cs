using Mimir.Configuration.Editing;
using Mimir.Configuration.Import;
using Mimir.Configuration.Sources;

namespace Mimir.Configuration.Tests.Import;

/// <summary>What others have written or write meanwhile stays theirs, and what would run their programs is not taken over unseen.</summary>
public sealed class ImportCareTests : IDisposable
{
    private const string Two = """{ "mcpServers": { "a": { "command": "one" }, "b": { "command": "two" } } }""";
    private readonly ImportHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(false, "config/servers/b.json", "{ \"command\": \"precious\" }")]
    [InlineData(true, "config/servers/b.json", "{ \"command\": \"precious\" }")]
    [InlineData(false, "config/mimir.json", "{ \"mcpServers\": { \"b\": { \"command\": \"precious\" } } }")]
    [InlineData(false, "home/.cursor/mcp.json", "{ \"mcpServers\": { \"b\": { \"command\": \"other\" } } }")]
    public void Apply_SomethingChangedSinceLook_WritesNothing(bool replace, string file, string text)
    {
        _home.Write("home/.cursor/mcp.json", Two);
        var wish = new ImportWish { Replace = replace };
        var importer = _home.Importer();
        var files = importer.Look("cursor", wish);
        Assert.Empty(importer.Check(files));
        _home.Write(file, text);
        var before = _home.Configuration();

        var fault = Assert.Throws<ImportException>(() => importer.Apply("cursor", wish, files));

        Assert.Equal(ImportTrouble.Busy, fault.Kind);
        Assert.Contains("changed since this was shown", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, _home.Configuration());
        Assert.Contains("No import", Assert.Throws<ImportException>(() => importer.Undo()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_CommandIsChangingTheConfiguration_IsRefused()
    {
        _home.Write("home/.cursor/mcp.json", Two);
        _home.Import("cursor", new ImportWish { Only = ["a"] });
        var store = new ConfigStore(new ConfigLocation(_home.At("config"), IsExplicit: true, "the test"), _home.Environment, null, TimeProvider.System);

        await store.ChangeAsync(
            draft =>
            {
                Assert.Contains("is changing the configuration", Assert.Throws<ImportException>(() => _home.Import("cursor")).Message, StringComparison.Ordinal);
                Assert.Equal(ImportTrouble.Busy, Assert.Throws<ImportException>(() => _home.Importer().Undo()).Kind);
                ServerEdits.Add(draft, "b", new ServerDraft { Command = "precious" });
            },
            TestContext.Current.CancellationToken);

        Assert.Contains("precious", File.ReadAllText(_home.Server("b")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config/plugins/x/plugin.toml", "[plugin]\nname = \"a\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\n")]
    [InlineData("config/plugins/x/plugin.toml", "[plugin]\nname = \"a\"\nversion = \"1\"\nenabled = false\n[runtime]\ncommand = \"x\"\n[security]\n")]
    [InlineData("config/plugins/a/plugin.toml", "[plugin")]
    [InlineData("config/data/a/mcp_settings.json", "{ \"command\": \"x\" }")]
    public void Look_NameTakenElsewhere_IsRefusedAndSaysWhere(string file, string text)
    {
        var path = _home.Write(file, text);
        _home.Write("home/.cursor/mcp.json", Two);

        var item = _home.Look("cursor", new ImportWish { Replace = true })[0];

        Assert.Equal((ImportState.Refused, false), (item.State, item.IsWritten));
        Assert.Contains(path, item.Reason, StringComparison.Ordinal);
        Assert.Contains("--as", item.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LD_PRELOAD")]
    [InlineData("NODE_OPTIONS")]
    public void Look_VariableThatDecidesWhatIsLoaded_IsShownAndImportedByNameAlone(string variable)
    {
        _home.Write("home/.cursor/mcp.json", $$$"""{ "mcpServers": { "a": { "command": "x", "env": { "{{{variable}}}": "/tmp/evil.so", "K": "v" } } } }""");

        var unnamed = Assert.Single(_home.Look("cursor", new ImportWish { Replace = true }));
        var named = Assert.Single(_home.Look("cursor", new ImportWish { Only = ["a"] }));

        Assert.False(unnamed.IsWritten);
        Assert.Equal([$"sets {variable}, which decides what programs load: name it with --only to import it"], unnamed.Notes);
        Assert.Equal([new("command", null, "x"), new($"env.{variable}", null, "/tmp/evil.so"), new("env.K", null, "***")], unnamed.Changes);
        Assert.True(named.IsWritten);
        Assert.Equal([$"sets {variable}, which decides what programs load"], named.Notes);
    }
}
