using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Instances;

/// <summary>What <c>data/NAME/mcp_settings.json</c> may say.</summary>
public sealed class InstanceStageTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    /// <summary>The example that its users are given, letter for letter.</summary>
    [Fact]
    public void Load_TheExample_IsAServer()
    {
        _workspace.Write("data/example/mcp_settings.json", """
            {
            "provider": "example",
            "isActive": true,
            "name": "example_instance",
            "type": "stdio",
            "command": "python",
            "args": ["-m", "example_mcp"],
            "env": {}
            }
            """);

        var server = Expect.Server(_workspace.Load());

        Assert.Equal("example_instance", server.Name);
        var process = Assert.IsType<StdioModel>(server.Transport);
        Assert.Equal(("python", "-m example_mcp"), (process.Command, string.Join(' ', process.Arguments)));
    }

    [Theory]
    [InlineData("""{ "command": "x" }""", "folder")]
    [InlineData("""{ "command": "x", "isActive": false }""", "")]
    [InlineData("""{ "command": "x", "name": "天气-服务", "metadata": { "a": [1] } }""", "天气-服务")]
    [InlineData("""{ "type": "sse", "url": "http://h/sse", "headers": { "Authorization": "Bearer t" } }""", "folder")]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "transport": "stdio" }, "b": { "command": "y", "name": "c" } } }""", "a c")]
    public void Load_Instances_AreServers(string json, string names)
    {
        _workspace.Write("data/folder/mcp_settings.json", json);
        _workspace.Write("data/.hidden/mcp_settings.json", "broken");

        Assert.Equal(names, string.Join(' ', Expect.Clean(_workspace.Load()).Servers.Select(s => s.Name)));
    }

    [Theory]
    [InlineData("""{ "comand": "x" }""", "comand", "is not a key of an instance", "Did you mean command?")]
    [InlineData("""{ "command": "x", "name": "" }""", "name", "is no name", "")]
    [InlineData("""{ "command": "x", "name": 3 }""", "name", "is no name", "")]
    [InlineData("""{ "command": "x", "provider": "a", "mcpServers": {} }""", "command", "stands beside mcpServers", "")]
    [InlineData("""{ "mcpServers": [] }""", "mcpServers", "must be an object", "")]
    [InlineData("""{ "command": "x", "args": ["{1001}"] }""", "args[0]", "has 1001 characters", "servers/NAME.json takes more")]
    [InlineData("""{ "command": "x", "env": { "A": "{2001}" } }""", "env.A", "has 2001 characters", "")]
    [InlineData("""{ "command": "x", "args": [{101}] }""", "args", "has 101 entries", "")]
    public void Load_FaultyInstance_IsAnErrorWithItsPlace(string json, string key, string message, string remedy)
    {
        json = json.Replace("{1001}", new string('x', 1001), StringComparison.Ordinal).Replace("{2001}", new string('x', 2001), StringComparison.Ordinal)
            .Replace("{101}", string.Join(',', Enumerable.Repeat("\"a\"", 101)), StringComparison.Ordinal);
        var file = _workspace.Write("data/folder/mcp_settings.json", json);

        var issues = _workspace.Load().Issues;

        Assert.Contains(issues, i => i.File == file && i.Key == key && i.Message.Contains(message, StringComparison.Ordinal) && i.Remedy.Contains(remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_NameOfAnotherFile_IsAnErrorThatNamesBoth()
    {
        var main = _workspace.Write("mimir.json", """{ "mcpServers": { "a": { "command": "x" } } }""");
        _workspace.Write("data/a/mcp_settings.json", """{ "command": "y" }""");

        Expect.Error(_workspace.Load(), "", $"configured twice: here and in {main}:1:");
    }
}
