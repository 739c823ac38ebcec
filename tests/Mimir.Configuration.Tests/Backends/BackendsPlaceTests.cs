using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Backends;

/// <summary>Where a backends file is found, and how it goes together with the other files.</summary>
public sealed class BackendsPlaceTests
{
    private const string File = "backends: [{ name: b, url: 'http://h/' }]\nnaming: { separator: _ }\n";
    private const string Nameless = "backends: [{ name: b, url: 'http://h/' }]\n";

    [Theory]
    [InlineData("config/backends.yaml")]
    [InlineData("config/backends.yml")]
    [InlineData("backends.yaml")]
    [InlineData("backends.yml")]
    public void Load_FolderWithIt_ReadsIt(string name)
    {
        using var w = new Workspace();
        var file = w.Write(name, File);

        var result = w.Load();

        Assert.Equal("b", Expect.Server(result).Name);
        Assert.Equal([file], result.Files);
        Assert.Equal(new BackendsUse(file, IsMain: true), result.Backends);
    }

    [Fact]
    public void Load_DefaultPlaceWithIt_ReadsIt()
    {
        using var w = new Workspace();
        w.Environment["XDG_CONFIG_HOME"] = w.Folder;
        w.Write("mimir/config/backends.yaml", File);

        Assert.Equal("b", Expect.Server(ConfigLoader.Load(ConfigLocation.Find(null, w.Environment), w.Environment)).Name);
    }

    [Fact]
    public void Load_NamedByTheVariable_IsReadWithoutAnyFolder()
    {
        using var w = new Workspace();
        var file = w.Write("elsewhere/mine.conf", "backends: [{ name: b, command: ./x }]\nnaming: { separator: _ }");
        w.Environment["MCP_BACKENDS_CONFIG"] = file;

        var result = ConfigLoader.Load(ConfigLocation.Find(null, w.Environment), w.Environment);

        var process = (Router.Model.StdioModel)Expect.Server(result).Transport;
        Assert.Equal(Path.Combine(w.Folder, "elsewhere/x"), process.Command);
        Assert.Equal(new BackendsUse(file, IsMain: true) { IsNamed = true }, result.Backends);
    }

    [Fact]
    public void Load_NamedByTheVariable_BeatsTheFolders()
    {
        using var w = new Workspace();
        w.Write("backends.yaml", "backends: [{ name: other, url: 'http://h/' }]");
        w.Environment["MCP_BACKENDS_CONFIG"] = w.Write("mine.yaml", File);

        Assert.Equal("b", Expect.Server(w.Load()).Name);
    }

    [Fact]
    public void Load_VariableNamesNothing_IsAnError()
    {
        using var w = new Workspace();
        w.Environment["MCP_BACKENDS_CONFIG"] = Path.Combine(w.Folder, "gone.yaml");
        Expect.Error(ConfigLoader.Load(ConfigLocation.Find(null, w.Environment), w.Environment), "", "does not exist (MCP_BACKENDS_CONFIG names it)", "unset MCP_BACKENDS_CONFIG");

        w.Environment["MCP_BACKENDS_CONFIG"] = w.Folder;
        Expect.Error(ConfigLoader.Load(ConfigLocation.Find(null, w.Environment), w.Environment), "", "is a folder (MCP_BACKENDS_CONFIG names it)");
    }

    [Fact]
    public void Load_FileNamedOtherwise_LeavesTheVariablesAlone_AndSaysSo()
    {
        using var w = new Workspace();
        var named = w.Environment["MCP_BACKENDS_CONFIG"] = w.Write("mine.yaml", File);
        var main = w.Write("mimir.json", """{ "mcpServers": { "a": { "command": "x" } } }""");

        var result = w.Load(main);

        Assert.Equal(named, Expect.Warning(result, "", "is not read", "Unset MCP_BACKENDS_CONFIG").File);
        Assert.Equal("a", Assert.Single(result.Model!.Servers).Name);
        Assert.Null(result.Backends);
    }

    [Fact]
    public void Load_TwoPlacesInOneFolder_ReadsOneAndSaysWhich()
    {
        using var w = new Workspace();
        var read = w.Write("config/backends.yaml", File);
        w.Write("backends.yaml", "backends: [{ name: other, url: 'http://h/' }]");

        var result = w.Load();

        Expect.Warning(result, "", $"is not read, because {read} is there");
        Assert.Equal("b", Assert.Single(result.Model!.Servers).Name);
    }

    [Fact]
    public void Load_WithMimirJson_HasTheServersOfBoth_AndTheNamesOfThat()
    {
        using var w = new Workspace();
        w.Write("mimir.json", """{ "mcpServers": { "a": { "command": "x" } } }""");
        w.Write("servers/c.json", """{ "command": "x" }""");
        w.Write("backends.yaml", Nameless + "limits: { maxBatch: 7 }\nrouting: { retry: { max_attempts: 2 } }\n");

        var result = w.Load();

        var model = Expect.Clean(result);
        Assert.Equal(["a", "c", "b"], model.Servers.Select(s => s.Name));
        Assert.Equal("_", model.Naming.Separator);
        Assert.Equal((7, 2), (model.Limits.MaxBatch, model.Retry.MaxRetries));
        Assert.False(result.Backends!.IsMain);
        Assert.Equal(3, result.Files.Length);
        Assert.Null(model.Servers[0].Breaker);
        Assert.NotNull(model.Servers[2].Breaker);
    }

    [Theory]
    [InlineData(null, "config/x", "config/x")]
    [InlineData("mimir.json", "x", "x")]
    [InlineData("servers/a.json", "x", "x")]
    public void Load_RelativePaths_StartAtTheBackendsFileWhereItIsAlone(string? other, string expected, string others)
    {
        using var w = new Workspace();
        w.Write("config/backends.yaml", "backends: [{ name: b, command: ./x }]\nnaming: { separator: _ }");
        if (other is not null)
        {
            w.Write(other, other == "mimir.json" ? """{ "mcpServers": { "a": { "command": "./x" } } }""" : """{ "command": "./x" }""");
        }

        var commands = Expect.Clean(w.Load()).Servers.ToDictionary(s => s.Name, s => ((Router.Model.StdioModel)s.Transport).Command, StringComparer.Ordinal);

        Assert.Equal(Path.Combine(w.Folder, expected), commands["b"]);
        Assert.Equal(Path.Combine(w.Folder, others), commands.GetValueOrDefault("a", commands["b"]));
    }

    [Fact]
    public void Load_OneNameInBothFiles_IsAnErrorWithBothPlaces()
    {
        using var w = new Workspace();
        w.Write("mimir.json", """{ "mcpServers": { "b": { "command": "x" } } }""");
        var yaml = w.Write("backends.yaml", Nameless);

        var issue = Expect.Error(w.Load(), "backends[0]", $"configured twice: here and in {w.Main}:1:19");
        Assert.Equal((yaml, 1), (issue.File, issue.Line));
    }

    [Fact]
    public void Load_OneSettingInBothFiles_IsAnErrorWithBothPlaces()
    {
        using var w = new Workspace();
        w.Write("mimir.json", """{ "retry": { "max_retries": 1 } }""");
        w.Write("backends.yaml", Nameless + "routing: { retry: { max_attempts: 2 } }\n");

        Expect.Error(w.Load(), "routing.retry.max_attempts", $"is said twice: here and in {w.Main}:1:14");
    }
}
