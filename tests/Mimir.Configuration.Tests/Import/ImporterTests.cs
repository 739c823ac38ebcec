using System.Runtime.Versioning;
using Mimir.Configuration.Import;

namespace Mimir.Configuration.Tests.Import;

[UnsupportedOSPlatform("windows")]
public sealed class ImporterTests : IDisposable
{
    private const string Two = """{ "mcpServers": { "a": { "command": "one" }, "b": { "command": "two" } } }""";
    private readonly ImportHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Look_NoSource_ShowsEveryClientAndChangesNothing()
    {
        _home.Write("home/.cursor/mcp.json", Two);
        _home.Write("home/.codex/config.toml", "[mcp_servers.c]\ncommand = 'x'\n");
        _home.Write("home/.gemini/settings.json", "{ \"theme\": \"x\" }");
        _home.Write("home/.lmstudio/mcp.json", "{ \"mcpServers\": ");

        var files = _home.Importer().Look(null, new ImportWish());

        Assert.Equal(["cursor: a b", "codex: c", "lm-studio: "], files.Select(file => $"{file.Client.Id}: {string.Join(' ', file.Items.Select(item => item.Name))}"));
        Assert.Single(files[2].Issues);
        Assert.False(Directory.Exists(_home.At("config")) || Directory.Exists(_home.At("state")));
    }

    [Fact]
    public void Apply_NewServers_AreFilesOfTheirOwnThatOnlyTheOwnerReads()
    {
        var source = _home.Write("home/.cursor/mcp.json", Two);
        var before = File.ReadAllBytes(source);

        _home.Import("cursor");

        Assert.Equal(["servers/a.json", "servers/b.json"], _home.Configuration().Keys.Order(StringComparer.Ordinal));
        Assert.Equal("{\n  \"command\": \"one\"\n}\n", File.ReadAllText(_home.Server("a")));
        Assert.Equal(before, File.ReadAllBytes(source));
        Assert.All(_home.Look("cursor"), item => Assert.Equal(ImportState.Same, item.State));
        foreach (var path in Directory.GetFiles(_home.At("state/imports")).Append(_home.Server("a")))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void Look_SameInAnotherOrder_IsSame()
    {
        _home.Write("config/servers/a.json", "{ \"args\": [\"y\"],\n \"command\": \"x\" } // mine");
        _home.Write("home/.cursor/mcp.json", """{ "mcpServers": { "a": { "command": "x", "args": ["y"] } } }""");

        Assert.Equal(ImportState.Same, Assert.Single(_home.Look("cursor")).State);
    }

    [Fact]
    public void Look_OtherContent_IsReplacedOnlyWhenAsked()
    {
        _home.Write("config/servers/a.json", """{ "command": "old", "env": { "K": "v", "L": "1" } }""");
        _home.Write("home/.cursor/mcp.json", """{ "mcpServers": { "a": { "command": "new", "env": { "K": "v", "M": "2" } } } }""");

        var item = Assert.Single(_home.Look("cursor"));

        Assert.Equal((ImportState.Different, false), (item.State, item.IsWritten));
        Assert.Equal([new("command", "old", "new"), new("env.L", "***", null), new("env.M", null, "***")], item.Changes);
        Assert.True(Assert.Single(_home.Look("cursor", new ImportWish { Replace = true })).IsWritten);
    }

    [Fact]
    public void Look_NameInTheMainFile_IsNeverTouched()
    {
        _home.Write("config/mimir.json", """{ "mcpServers": { "a": { "command": "mine" }, "b": { "command": "two" } } }""");
        _home.Write("home/.cursor/mcp.json", Two);

        var items = _home.Look("cursor", new ImportWish { Replace = true });

        Assert.Equal([ImportState.Refused, ImportState.Same], items.Select(item => item.State));
        Assert.Contains("mimir.json:1:19, which is never changed", items[0].Reason, StringComparison.Ordinal);
        Assert.True(Assert.Single(_home.Look("cursor", Named("a", "mine"))).IsWritten);
    }

    [Fact]
    public void Look_OneNameInTwoFilesOfAClient_TakesTheFirst()
    {
        _home.Write("home/.cursor/mcp.json", Two);
        _home.Write("project/.cursor/mcp.json", """{ "mcpServers": { "a": { "url": "https://x.com/mcp" } } }""");

        var items = _home.Look("cursor");

        Assert.Equal([true, true, false], items.Select(item => item.IsWritten));
        Assert.Contains("is imported from", items[2].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("")]
    [InlineData("a\u202eb")]
    [InlineData("-x")]
    [InlineData("con")]
    [InlineData("q?")]
    public void Look_NameThatCannotBeAFile_IsRefusedAndMayBeRenamed(string name)
    {
        var file = _home.Write("home/any.json", $$$"""{ "mcpServers": { "{{{name}}}": { "command": "x" } } }""");

        Assert.Contains("--as", Assert.Single(_home.Look(file)).Reason, StringComparison.Ordinal);
        Assert.True(Assert.Single(_home.Look(file, Named(name, "good"))).IsWritten);
    }

    [Fact]
    public void Look_WhatIsNotThere_IsAnError()
    {
        _home.Write("home/.cursor/mcp.json", Two);

        Assert.Contains("The clients are claude-desktop", Assert.Throws<ImportException>(() => _home.Look("curser")).Message, StringComparison.Ordinal);
        Assert.Contains("There are: a, b", Assert.Throws<ImportException>(() => _home.Look("cursor", new ImportWish { Only = ["c"] })).Message, StringComparison.Ordinal);
        _home.Write("one.json", "{}");
        Assert.Contains("names a file", Assert.Throws<ImportException>(() => _home.Importer(config: "none.json").Look("cursor", new ImportWish())).Message, StringComparison.Ordinal);
        Assert.Contains("names a file", Assert.Throws<ImportException>(() => _home.Importer(config: "one.json").Look("cursor", new ImportWish())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_FileWithoutServers_SaysWhatIsLookedFor()
    {
        var file = Assert.Single(_home.Importer().Look(_home.Write("x.json", "{ \"servers\": {} }"), new ImportWish()));

        Assert.Contains("mcpServers, servers, mcp.servers", Assert.Single(file.Issues).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WhatWouldBeInvalid_IsSaidOfTheFileThatWouldBe()
    {
        _home.Write("home/.cursor/mcp.json", """{ "mcpServers": { "a": { "command": "x", "env": { "K": "${env:NOT_SET}" } }, "b": { "url": "ftp://x" } } }""");
        var importer = _home.Importer();

        var issues = importer.Check(importer.Look("cursor", new ImportWish()));

        Assert.Equal([_home.Server("a"), _home.Server("b")], issues.Select(issue => issue.File));
        Assert.Contains("NOT_SET is not set", issues[0].Message, StringComparison.Ordinal);
        Assert.Empty(_home.Configuration());
    }

    [Fact]
    public void Undo_AfterAnImport_PutsBackEveryByteAndMode()
    {
        var old = _home.Write("config/servers/a.json", "{ \"command\": \"old\" } // \u00e9");
        File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var before = _home.Configuration();
        _home.Write("home/.cursor/mcp.json", Two);
        _home.Import("cursor", new ImportWish { Replace = true });
        Assert.Equal(2, _home.Configuration().Count);

        var restored = _home.Importer().Undo();

        Assert.Equal([_home.Server("a"), _home.Server("b")], restored);
        Assert.Equal(before, _home.Configuration());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(old));
        Assert.Contains("No import", Assert.Throws<ImportException>(() => _home.Importer().Undo()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Undo_SeveralImports_GoesBackOneByOne()
    {
        _home.Write("home/.cursor/mcp.json", Two);
        for (var i = 0; i < 12; i++)
        {
            _home.Import("cursor", Named("a", $"n{i:00}"));
        }

        for (var i = 11; i >= 2; i--)
        {
            Assert.Equal([_home.Server($"n{i:00}")], _home.Importer().Undo());
        }

        Assert.Throws<ImportException>(() => _home.Importer().Undo());
        Assert.Equal(["servers/n00.json", "servers/n01.json"], _home.Configuration().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Undo_ImportsIntoOtherConfigurations_AreLeftAlone()
    {
        _home.Write("home/.cursor/mcp.json", Two);
        _home.Import("cursor", new ImportWish { Only = ["a"] });
        var other = _home.Importer(config: "other");
        var wish = new ImportWish { Only = ["b"] };
        other.Apply("cursor", wish, other.Look("cursor", wish));

        Assert.Equal([_home.Server("a")], _home.Importer().Undo());
        Assert.Throws<ImportException>(() => _home.Importer().Undo());
        Assert.Equal([_home.At("other/servers/b.json")], other.Undo());
    }

    [Fact]
    public void Undo_FileChangedSince_RefusesAndNamesIt()
    {
        _home.Write("home/.cursor/mcp.json", Two);
        _home.Import("cursor");
        File.AppendAllText(_home.Server("b"), "// mine\n");
        var before = _home.Configuration();

        var fault = Assert.Throws<ImportException>(() => _home.Importer().Undo());

        Assert.Contains(_home.Server("b"), fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_home.Server("a"), fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, _home.Configuration());
    }

    [Fact]
    public void Import_OneUnderWay_IsNotJoined()
    {
        _home.Write("home/.cursor/mcp.json", Two);
        _home.Import("cursor", new ImportWish { Only = ["a"] });
        using var held = new FileStream(_home.At("state/imports/.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal(ImportTrouble.Busy, Assert.Throws<ImportException>(() => _home.Import("cursor", new ImportWish { Only = ["b"] })).Kind);
        Assert.Equal(ImportTrouble.Busy, Assert.Throws<ImportException>(() => _home.Importer().Undo()).Kind);
    }

    /// <summary>Wherever an import ends, each file is the old or the new one, and what was begun can be taken back.</summary>
    [Fact]
    public void Apply_CutOffAtEveryStep_LeavesOldOrNewAndCanBeTakenBack()
    {
        var (whole, cut) = (new StepDisk(int.MaxValue), 0);
        using (var home = Begun())
        {
            home.Import("cursor", new ImportWish { Replace = true }, whole);
        }

        for (; cut < whole.Steps; cut++)
        {
            using var home = Begun();
            Assert.Throws<ImportException>(() => home.Import("cursor", new ImportWish { Replace = true }, new StepDisk(cut)));

            var (a, b) = (File.ReadAllText(home.Server("a")), File.Exists(home.Server("b")) ? File.ReadAllText(home.Server("b")) : null);
            Assert.Contains(a, (string[])["{\"command\":\"old\"}", "{\n  \"command\": \"one\"\n}\n"]);
            Assert.Contains(b, (string?[])[null, "{\n  \"command\": \"two\"\n}\n"]);
            if (Directory.Exists(home.At("state/imports")) && Directory.GetFiles(home.At("state/imports"), "0*.json").Length > 0)
            {
                home.Importer().Undo();
            }

            Assert.Equal("{\"command\":\"old\"}", File.ReadAllText(home.Server("a")));
            Assert.False(File.Exists(home.Server("b")));
        }

        Assert.True(cut > 10, $"{cut} steps");

        static ImportHome Begun()
        {
            var home = new ImportHome();
            home.Write("config/servers/a.json", "{\"command\":\"old\"}");
            home.Write("home/.cursor/mcp.json", Two);
            return home;
        }
    }

    /// <summary>Wherever the taking back ends, it can be begun again.</summary>
    [Fact]
    public void Undo_CutOffAtEveryStep_CanBeDoneAgain()
    {
        for (var cut = 0; ; cut++)
        {
            using var home = new ImportHome();
            home.Write("config/servers/a.json", "{\"command\":\"old\"}");
            home.Write("home/.cursor/mcp.json", Two);
            home.Import("cursor", new ImportWish { Replace = true });
            var isWhole = false;
            try
            {
                home.Importer(new StepDisk(cut)).Undo();
                isWhole = true;
            }
            catch (ImportException)
            {
                if (Directory.GetFiles(home.At("state/imports"), "0*.json").Length > 0)
                {
                    home.Importer().Undo();
                }
            }

            Assert.Equal("{\"command\":\"old\"}", File.ReadAllText(home.Server("a")));
            Assert.False(File.Exists(home.Server("b")));
            if (isWhole)
            {
                Assert.True(cut > 5, $"{cut} steps");
                return;
            }
        }
    }

    private static ImportWish Named(string name, string other) =>
        new() { Only = [name], Names = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = other } };
}
