using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Compilation;

public sealed class RouterCompilerTests
{
    [Fact]
    public void Load_Servers_KeepTheirOrder()
    {
        var model = Expect.Clean(Workspace.LoadText("""{ "mcpServers": { "z": { "command": "x" }, "a": { "url": "http://h/" }, "m": { "command": "x" } } }"""));

        Assert.Equal(["z", "a", "m"], model.Servers.Select(s => s.Name));
    }

    [Theory]
    [InlineData("npx", null, "npx", null)]
    [InlineData("/bin/x", null, "/bin/x", null)]
    [InlineData("./x", null, "{0}/x", null)]
    [InlineData("../x", "sub", "{0}/x", "{0}/sub")]
    [InlineData("bin/x", "/opt", "/opt/bin/x", "/opt")]
    [InlineData("npx", ".", "npx", "{0}")]
    public void Load_RelativePaths_StartAtTheFolderOfTheConfiguration(string command, string? cwd, string expected, string? folder)
    {
        using var w = new Workspace();
        var body = cwd is null ? $$"""{ "command": "{{command}}" }""" : $$"""{ "command": "{{command}}", "cwd": "{{cwd}}" }""";
        w.Write("mimir.json", $$"""{ "mcpServers": { "a": {{body}} } }""");
        w.Write("servers/b.json", body);

        foreach (var server in Expect.Clean(w.Load()).Servers)
        {
            var model = (StdioModel)server.Transport;
            Assert.Equal(expected.Replace("{0}", w.Folder, StringComparison.Ordinal), model.Command);
            Assert.Equal(folder?.Replace("{0}", w.Folder, StringComparison.Ordinal), model.WorkingDirectory);
        }
    }

    [Fact]
    public void Load_RelativePathsInAnExplicitFile_StartAtItsFolder()
    {
        using var w = new Workspace();
        var file = w.Write("sub/c.json", """{ "mcpServers": { "a": { "command": "./x" } } }""");

        Assert.Equal(Path.Combine(w.Folder, "sub/x"), ((StdioModel)Expect.Server(w.Load(file)).Transport).Command);
    }
}
