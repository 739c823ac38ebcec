using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Merging;

public sealed class ServerMergeTests
{
    [Theory]
    [InlineData("""{ "mcpServers": { "z": { "command": "z" } } }""")]
    [InlineData("""{ "servers": { "z": { "command": "z" } } }""")]
    public void Load_FolderWithServers_AppendsThemInNameOrder(string main)
    {
        using var w = new Workspace();
        w.Write("mimir.json", main);
        w.Write("servers/b.json", """{ "command": "b" }""");
        w.Write("servers/a.json", """{ "url": "http://h/" }""");
        w.Write("servers/C.json", """{ "command": "c" }""");

        var result = w.Load();

        Assert.Equal(["z", "C", "a", "b"], Expect.Clean(result).Servers.Select(s => s.Name));
        Assert.Equal(["mimir.json", "C.json", "a.json", "b.json"], result.Files.Select(Path.GetFileName));
    }

    [Fact]
    public void Load_FolderWithoutMain_ReadsServers()
    {
        using var w = new Workspace();
        w.Write("servers/a.json", """{ "command": "a" }""");

        Assert.Equal("a", Expect.Server(w.Load()).Name);
    }

    [Fact]
    public void Load_MainWithoutServers_TakesThoseOfFiles()
    {
        using var w = new Workspace();
        w.Write("mimir.json", """{ "naming": { "prefix": "never" } }""");
        w.Write("servers/a.json", """{ "command": "a" }""");

        Assert.Equal("a", Expect.Server(w.Load()).Name);
    }

    [Fact]
    public void Load_NameInBothPlaces_NamesBoth()
    {
        using var w = new Workspace();
        w.Write("mimir.json", "{ \"mcpServers\": {\n  \"a\": { \"command\": \"x\" } } }");
        var file = w.Write("servers/a.json", "\n{ \"command\": \"y\" }");

        var issue = Expect.Error(w.Load(), "mcpServers.a", $"configured twice: here and in {w.Main}:2:3", "Remove one");

        Assert.Equal((file, 2, 1), (issue.File, issue.Line, issue.Column));
    }

    [Fact]
    public void Load_MainServersAreNoObject_ChecksFilesAllTheSame()
    {
        using var w = new Workspace();
        w.Write("mimir.json", """{ "mcpServers": [] }""");
        w.Write("servers/a.json", """{ "comand": "y", "url": "http://h/" }""");

        var result = w.Load();

        Assert.Equal(["mcpServers", "mcpServers.a.comand"], result.Issues.Select(i => i.Key));
    }

    [Fact]
    public void Load_BrokenMain_ChecksFilesAllTheSame()
    {
        using var w = new Workspace();
        w.Write("mimir.json", "{");
        w.Write("servers/a.json", """{ "comand": "y", "url": "http://h/" }""");
        w.Write("servers/b.json", "[");

        var result = w.Load();

        Assert.Equal(["", "mcpServers.a.comand", "mcpServers.b"], result.Issues.Select(i => i.Key));
    }

    [Fact]
    public void Load_HiddenAndOtherFiles_ArePassedOver()
    {
        using var w = new Workspace();
        w.Write("servers/a.json", """{ "command": "a" }""");
        w.Write("servers/.b.json", "garbage");
        w.Write("servers/b.json~", "garbage");
        w.Write("servers/c.txt", "garbage");
        w.Write("servers/d.json/inner.json", "garbage");

        Assert.Equal("a", Expect.Server(w.Load()).Name);
    }

    [Fact]
    public void Load_ServerFileWithWholeConfiguration_SaysWhatBelongsThere()
    {
        using var w = new Workspace();
        w.Write("servers/a.json", """{ "mcpServers": { "a": { "command": "a" } } }""");

        var result = w.Load();

        Assert.Contains(result.Issues, i => i.Key == "mcpServers.a.mcpServers" && i.Remedy.Contains("place of one server", StringComparison.Ordinal));
    }
}
