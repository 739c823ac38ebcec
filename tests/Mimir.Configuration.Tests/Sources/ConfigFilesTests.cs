using Mimir.Configuration.Issues;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Sources;

public sealed class ConfigFilesTests
{
    [Fact]
    public void Load_DefaultPlaceMissing_IsEmpty()
    {
        var environment = new FakeEnvironment();

        var result = ConfigLoader.Load(ConfigLocation.Find(null, environment), environment);

        var model = Expect.Clean(result);
        Assert.Empty(model.Servers);
        Assert.Equal(new LimitsModel(), model.Limits);
        Assert.Equal(new NamingModel(), model.Naming);
        Assert.Empty(result.Files);
    }

    [Fact]
    public void Load_DefaultPlaceThere_IsRead()
    {
        using var w = new Workspace();
        w.Environment["XDG_CONFIG_HOME"] = w.Folder;
        w.Write("mimir/mimir.json", """{ "mcpServers": { "a": { "command": "a" } } }""");

        Assert.Equal("a", Expect.Server(ConfigLoader.Load(ConfigLocation.Find(null, w.Environment), w.Environment)).Name);
    }

    [Fact]
    public void Load_ExplicitMissing_IsAnErrorWithRemedy()
    {
        using var w = new Workspace();
        var path = Path.Combine(w.Folder, "nothing");

        var issue = Expect.Error(w.Load(path), "", "does not exist (--config names it)", "Create it");

        Assert.Equal(path, issue.File);
        Assert.Equal($"{path}: error: does not exist (--config names it). {issue.Remedy}", issue.ToString());
    }

    [Fact]
    public void Load_VariableNamesMissing_SaysUnset()
    {
        var environment = new FakeEnvironment { ["MIMIR_CONFIG"] = "/nonexistent/x" };

        Expect.Error(ConfigLoader.Load(ConfigLocation.Find(null, environment), environment), "", "MIMIR_CONFIG names it", "unset MIMIR_CONFIG");
    }

    [Fact]
    public void Load_ExplicitFolderWithoutAnything_Warns()
    {
        using var w = new Workspace();

        Expect.Warning(w.Load(), "", "neither mimir.json nor servers/*.json nor plugins/*/plugin.toml nor backends.yaml", "Create mimir.json");
    }

    [Fact]
    public void Load_ExplicitFile_ReadsItAlone()
    {
        using var w = new Workspace();
        var file = w.Write("other.jsonc", """{ "mcpServers": { "a": { "command": "a" } } }""");
        w.Write("servers/b.json", """{ "command": "b" }""");

        var result = w.Load(file);

        Assert.Equal("a", Expect.Server(result).Name);
        Assert.Equal([file], result.Files);
    }

    [Fact]
    public void Load_FileOfExactlyTheBound_IsRead_AndOneMoreIsNot()
    {
        using var w = new Workspace();
        var bytes = new byte[BoundedFile.MaxBytes];
        Array.Fill(bytes, (byte)' ');
        bytes[0] = (byte)'{';
        bytes[^1] = (byte)'}';
        w.Write("mimir.json", bytes);
        Expect.Clean(w.Load());

        w.Write("mimir.json", [.. bytes, (byte)' ']);
        Expect.Error(w.Load(), "", "larger than 4 MiB");
    }

    [Fact(Timeout = 10_000)]
    public async Task Load_EndlessFile_EndsAtTheBound()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "There is no endless file here.");
        using var w = new Workspace();

        Expect.Error(await Task.Run(() => w.Load("/dev/zero")), "", "larger than 4 MiB");
    }

    [Theory]
    [InlineData("mimir.json")]
    [InlineData("servers/a.json")]
    public void Load_LinkIntoNowhere_IsAnError(string name)
    {
        using var w = new Workspace();
        var link = Path.Combine(w.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, "/nonexistent/target");

        Expect.Error(w.Load(), "", "is not there");
    }

    [Fact]
    public void Load_LinkToAFile_IsRead()
    {
        using var w = new Workspace();
        var file = w.Write("real.json", """{ "mcpServers": { "a": { "command": "a" } } }""");
        File.CreateSymbolicLink(w.Main, file);

        Assert.Equal("a", Expect.Server(w.Load()).Name);
    }

    [Fact]
    public void Read_WhatMayNotBeOpened_SaysSo()
    {
        using var w = new Workspace();
        var issues = new IssueList();

        // The system refuses to open a folder for reading just as it refuses a file without the right to it, whoever asks.
        Assert.Null(BoundedFile.Read(w.Folder, issues, isNamed: true));
        Assert.Null(BoundedFile.Read(w.Folder, issues));

        Assert.Equal(["may not be read", "is no file"], issues.Found.Select(i => i.Message));
    }

    [Fact]
    public void Load_TooManyServers_IsAnError()
    {
        using var w = new Workspace();
        for (var i = 0; i <= ConfigFiles.MaxServers; i++)
        {
            w.Write($"servers/s{i:d4}.json", """{ "command": "a" }""");
        }

        Expect.Error(w.Load(), "", "1001 servers, more than 1000");
    }
}
