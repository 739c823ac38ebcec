using System.Text;
using Mimir.Configuration.Editing;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;
using Mimir.Identity.Tests.Support;
using Mimir.Router.Files;

namespace Mimir.Configuration.Tests.Editing;

public sealed class ConfigStoreTests : IDisposable
{
    private readonly Workspace _w = new();

    public void Dispose() => _w.Dispose();

    public static TheoryData<string> HostileNames =>
    [
        "../x", "..", ".", "/etc/x", "a/b", "a\\b", "a\0b", "con", "CON", "nul.x", "com1", "lpt9", "a\nb", " a", "a ", ".hidden", "-y", "a:b", "a*", "", new string('a', 300), new string('ü', 65), "a\u202Eb", "C:x",
    ];

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task Change_HostileName_IsRefusedAndNothingIsThere(string name)
    {
        foreach (var change in (Action<ConfigDraft>[])
            [d => ServerEdits.Add(d, name, Server("x")), d => ServerEdits.Remove(d, name), d => ServerEdits.Switch(d, name, false), d => NamespaceEdits.Add(d, name, null), d => NamespaceEdits.Remove(d, name)])
        {
            var fault = await Assert.ThrowsAsync<ConfigEditException>(() => Store().ChangeAsync(change, TestContext.Current.CancellationToken));
            Assert.Equal(EditTrouble.Refused, fault.Kind);
        }

        Assert.Equal([".config.lock"], Names(_w.Folder));
    }

    [Fact]
    public async Task Add_New_IsAFileForItsOwnerAlone()
    {
        await Change(d => ServerEdits.Add(d, "files", Server("npx") with { Arguments = ["-y", "ü"], StartupTimeout = "5", CallTimeout = "1m", Autostart = true }));

        var path = Path.Combine(_w.Folder, "servers", "files.json");
        Assert.Equal(
            "{\n  \"command\": \"npx\",\n  \"args\": [\n    \"-y\",\n    \"ü\"\n  ],\n  \"autostart\": true,\n  \"startupTimeout\": 5,\n  \"callTimeout\": \"1m\"\n}\n",
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == DurableFile.Private);
        Assert.Equal("files", Expect.Server(_w.Load()).Name);
    }

    [Fact]
    public async Task Change_ThatWouldBeAnError_IsRefusedAndNothingIsChanged()
    {
        _w.Write("servers/a.json", "{ \"command\": \"x\", \"prefix\": \"p\" }");

        var fault = await Refused(d => ServerEdits.Add(d, "b", new ServerDraft { Url = "ftp://x" }));

        Assert.Equal(EditTrouble.Invalid, fault.Kind);
        Assert.Contains(Path.Combine(_w.Folder, "servers", "b.json") + ":2:10", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["a.json"], Names(Path.Combine(_w.Folder, "servers")));
    }

    [Fact]
    public async Task Change_OfABrokenConfiguration_IsMadeWhenItAddsNoError()
    {
        _w.Write("mimir.json", "{ \"mcpServers\": { \"bad\": { \"comand\": \"x\" } } }");
        _w.Write("servers/broken.json", "{");

        await Change(d => ServerEdits.Add(d, "good", Server("x")));
        await Change(d => ServerEdits.Remove(d, "broken"));

        Assert.Equal(["good.json"], Names(Path.Combine(_w.Folder, "servers")));
    }

    [Fact]
    public async Task Change_OfWhatIsWrittenByHand_SaysWhereAndWhat()
    {
        var text = "{\n  \"mcpServers\": {\n    \"a\": { \"command\": \"x\" }\n  },\n  \"namespaces\": { \"n\": { \"servers\": [\"a\"] } }, \"defaultNamespace\": \"n\"\n}";
        _w.Write("mimir.json", text);
        foreach (var (change, edit) in ((Action<ConfigDraft>, string)[])
            [
                (d => ServerEdits.Remove(d, "a"), ":3:5, and no command changes that file. To do it yourself, remove \"a\" and its entry."),
                (d => ServerEdits.Switch(d, "a", false), "write \"enabled\": false into it"),
                (d => ServerEdits.DenyTools(d, "a", ["t"]), "add \"t\" to \"deniedTools\" in it"),
                (d => ServerEdits.Rename(d, "a", "b"), "write \"b\" instead of \"a\""),
                (d => NamespaceEdits.Assign(d, "n", "b"), ":5:19"),
                (d => NamespaceEdits.MakeDefault(d, "n"), ":5:"),
                (d => PermissionEdits.Set(d, "n", "a", "t", true), "\"allowedTools\" under \"permissions\", \"a\" in it"),
            ])
        {
            var fault = await Refused(change);
            Assert.Equal(EditTrouble.HandWritten, fault.Kind);
            Assert.Contains(edit, fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(text, await File.ReadAllTextAsync(_w.Main, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Change_FileWithComments_KeepsThem()
    {
        const string text = "// of a\n{\n  \"command\": \"x\", // the program\n  \"excludeTools\": [\"b\"] /* why */\n}\n";
        _w.Write("servers/a.json", text);

        await Change(d => ServerEdits.DenyTools(d, "a", ["c"]));
        await Change(d => ServerEdits.Switch(d, "a", false));
        Assert.Equal(text.Replace("[\"b\"] /* why */", "[\"b\", \"c\"], /* why */\n  \"enabled\": false", StringComparison.Ordinal), Read("servers/a.json"));

        await Change(d => ServerEdits.AllowTools(d, "a", ["b", "c"]));
        await Change(d => ServerEdits.Switch(d, "a", true));
        Assert.Equal("// of a\n{\n  \"command\": \"x\", // the program\n  /* why */\n  \"enabled\": true\n}\n", Read("servers/a.json"));
    }

    [Fact]
    public async Task Rename_ServerOfNamespaces_IsRenamedThere()
    {
        _w.Write("servers/a.json", "{ \"command\": \"x\" }");
        _w.Write("namespaces/n.json", "{ \"servers\": [\"a\"], \"permissions\": { \"a\": { \"deniedTools\": [\"t\"] } }, \"overrides\": [{ \"server\": \"a\", \"tool\": \"t2\", \"name\": \"u\" }] }");

        await Change(d => ServerEdits.Rename(d, "a", "b"));

        Expect.Clean(_w.Load());
        Assert.Equal(["b.json"], Names(Path.Combine(_w.Folder, "servers")));
        Assert.DoesNotContain("\"a\"", Read("namespaces/n.json"), StringComparison.Ordinal);
        await Change(d => NamespaceEdits.Rename(d, "n", "m"));
        Assert.Equal("m", Expect.Clean(_w.Load()).Permissions.Namespaces.Single().Name);
    }

    [Fact]
    public async Task Remove_ServerThatAHandWrittenNamespaceNames_IsRefused()
    {
        _w.Write("mimir.json", "{ \"namespaces\": { \"n\": { \"servers\": [\"a\"] } } }");
        _w.Write("servers/a.json", "{ \"command\": \"x\" }");

        var fault = await Refused(d => ServerEdits.Remove(d, "a"));

        Assert.Equal(EditTrouble.Invalid, fault.Kind);
        Assert.Contains("names no configured server", fault.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_w.Folder, "servers", "a.json")));
    }

    [Fact]
    public async Task Change_ManyAtOnce_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Change(d => ServerEdits.Add(d, $"s{i}", Server("x"))))));
        _w.Write("namespaces/n.json", "{ \"servers\": [] }");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Change(d => NamespaceEdits.Assign(d, "n", $"s{i}")))));

        var model = Expect.Clean(_w.Load());
        Assert.Equal(12, model.Servers.Length);
        Assert.Equal(12, model.Permissions.Namespaces.Single().Servers.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RenameNamespace_EachStepFailsOrKills_ItIsNeverLost(bool dies)
    {
        const string text = "{ \"servers\": [], \"description\": \"mine\" }";
        for (var at = 1; ; at++)
        {
            using var w = new Workspace();
            w.Write("namespaces/n.json", text);
            var fault = await Record.ExceptionAsync(() => Store(w, new FailingDisk(at, dies, 50)).ChangeAsync(d => NamespaceEdits.Rename(d, "n", "m"), TestContext.Current.CancellationToken));

            var there = Directory.GetFiles(Path.Combine(w.Folder, "namespaces"), "*.json").Where(f => Path.GetFileName(f)[0] != '.').ToArray();
            Assert.NotEmpty(there);
            Assert.All(there, f => Assert.Equal(text, File.ReadAllText(f)));
            if (fault is null)
            {
                Assert.InRange(at, 6, 40);
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_EachStepFailsOrKills_EveryFileIsTheOldOrTheNewAndNoneIsBroken(bool dies)
    {
        for (var at = 1; ; at++)
        {
            using var w = new Workspace();
            w.Write("servers/a.json", "{ \"command\": \"x\" }");
            w.Write("namespaces/n.json", "{ \"servers\": [\"a\"] }");
            var disk = new FailingDisk(at, dies, 50);
            var fault = await Record.ExceptionAsync(() => Store(w, disk).ChangeAsync(d => ServerEdits.Rename(d, "a", "b"), TestContext.Current.CancellationToken));

            Assert.True(fault is null or FailingDisk.Death or ConfigEditException { Kind: EditTrouble.NotSaved }, $"{fault}");
            Expect.Clean(w.Load());
            if (fault is null)
            {
                Assert.InRange(at, 8, 40);
                return;
            }
        }
    }

    [Fact]
    public async Task Change_NoFolderYet_IsMadeForItsOwnerAlone()
    {
        _w.Environment["XDG_CONFIG_HOME"] = _w.Folder;
        var store = new ConfigStore(ConfigLocation.Find(null, _w.Environment), _w.Environment, null, TimeProvider.System);

        await store.ChangeAsync(d => ServerEdits.Add(d, "a", Server("x")), TestContext.Current.CancellationToken);

        var folder = Path.Combine(_w.Folder, "mimir", "servers");
        Assert.True(File.Exists(Path.Combine(folder, "a.json")));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(folder) == DurableFile.PrivateFolder);
    }

    [Fact]
    public async Task Change_LocationIsAFile_IsRefused()
    {
        var file = _w.Write("x.json", "{}");
        var store = new ConfigStore(ConfigLocation.Find(file, _w.Environment), _w.Environment, null, TimeProvider.System);

        var fault = await Assert.ThrowsAsync<ConfigEditException>(() => store.ChangeAsync(d => ServerEdits.Add(d, "a", Server("x")), TestContext.Current.CancellationToken));

        Assert.Equal(EditTrouble.HandWritten, fault.Kind);
        Assert.Equal(["x.json"], Names(_w.Folder));
    }

    [Fact]
    public async Task Permissions_SetAndUnset_LeaveOthersAsTheyAre()
    {
        _w.Write("servers/a.json", "{ \"command\": \"x\" }");
        _w.Write("namespaces/n.json", "{\n  \"servers\": [\"a\"]\n}\n");
        var before = Read("namespaces/n.json");

        await Change(d => PermissionEdits.Set(d, "n", "a", "t", allows: true));
        Assert.True(Grant().IsAllowedByDefault, "the others stay allowed");
        await Change(d => NamespaceEdits.SetDenyByDefault(d, "n", true));
        Assert.False(Grant().IsAllowedByDefault, "the others follow the namespace");
        await Change(d => PermissionEdits.Set(d, "n", "a", "t", allows: false));
        Assert.True(Grant().Permissions.Tools.Allowed.IsDefault);
        Assert.Equal(["t"], Grant().Permissions.Tools.Denied);
        await Change(d => PermissionEdits.SetDefault(d, "n", "a", true));
        Assert.True(Grant().IsAllowedByDefault);
        await Change(d => PermissionEdits.SetDefault(d, "n", "a", null));
        await Change(d => PermissionEdits.Unset(d, "n", "a", "t"));
        await Change(d => NamespaceEdits.SetDenyByDefault(d, "n", false));
        Assert.Equal(before.Replace("[\"a\"]", "[\"a\"],\n  \"denyByDefault\": false", StringComparison.Ordinal), Read("namespaces/n.json"));
    }

    [Fact]
    public async Task MakeDefault_OneAfterTheOther_OnlyTheLastIs()
    {
        _w.Write("namespaces/n.json", "{ \"servers\": [] }");
        _w.Write("namespaces/m.json", "{ \"servers\": [] }");

        await Change(d => NamespaceEdits.MakeDefault(d, "n"));
        Assert.Equal("n", Expect.Clean(_w.Load()).Permissions.DefaultNamespace);
        await Change(d => NamespaceEdits.MakeDefault(d, "m"));
        Assert.Equal("m", Expect.Clean(_w.Load()).Permissions.DefaultNamespace);
        Assert.Equal("{ \"servers\": [] }", Read("namespaces/n.json"));
    }

    [Fact]
    public void Load_NamespaceInBothPlaces_NamesBoth()
    {
        _w.Write("mimir.json", "{ \"namespaces\": { \"n\": { \"servers\": [] } } }");
        _w.Write("namespaces/n.json", "{ \"$schema\": \"x\", \"servers\": [] }");

        var issue = Expect.Error(_w.Load(), "namespaces.n", "this namespace is configured twice: here and in " + _w.Main + ":1:19");
        Assert.EndsWith("n.json", issue.File, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"defaultNamespace\": \"a\" }", "says otherwise than defaultNamespace in ")]
    [InlineData("{ \"namespaces\": { \"c\": { \"servers\": [], \"default\": true } } }", "is said of two namespaces")]
    public void Load_TwoDefaults_IsAnErrorThatNamesBoth(string main, string message)
    {
        _w.Write("mimir.json", main);
        _w.Write("namespaces/a.json", "{ \"servers\": [] }");
        _w.Write("namespaces/b.json", "{ \"servers\": [], \"default\": true }");

        Expect.Error(_w.Load(), "namespaces.b.default", message + (message[^1] == ' ' ? _w.Main : ": here and in " + _w.Main));
    }

    private static ServerDraft Server(string command) => new() { Command = command };

    private ConfigStore Store() => Store(_w, null);

    private static ConfigStore Store(Workspace w, IDisk? disk) => new(ConfigLocation.Find(w.Folder, w.Environment), w.Environment, null, TimeProvider.System, disk);

    private Task<IReadOnlyList<ConfigIssue>> Change(Action<ConfigDraft> change) => Store().ChangeAsync(change, TestContext.Current.CancellationToken);

    private Task<ConfigEditException> Refused(Action<ConfigDraft> change) => Assert.ThrowsAsync<ConfigEditException>(() => Change(change));

    private Mimir.Router.Model.Permissions.NamespaceGrant Grant() => Expect.Clean(_w.Load()).Permissions.Namespaces.Single().Grants["a"];

    private string Read(string name) => File.ReadAllText(Path.Combine(_w.Folder, name), Encoding.UTF8);

    private static string[] Names(string folder) => [.. Directory.GetFileSystemEntries(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
}
