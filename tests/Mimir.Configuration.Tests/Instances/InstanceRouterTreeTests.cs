using Mimir.Configuration.Issues;
using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Instances;

/// <summary>What <c>config.json</c> of the router of instances means.</summary>
public sealed class InstanceRouterTreeTests : IDisposable
{
    private const string Canary = "canary-4711";
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Load_WhatChangesNothing_IsSilent_AndItsToolsAreGiven()
    {
        var result = Load("""
            { "api": { "enabled": false, "port": 8001, "host": "0.0.0.0", "auto_find_port": true, "enable_realtime_logs": false, "cors_origin": "*" },
              "server": { "host": "127.0.0.1", "http": { "enabled": true, "port": 3000 }, "sse": { "enabled": true }, "stdio": { "enabled": true } },
              "security": { "bearer_token": "", "enable_validation": true },
              "logging": { "level": "INFO", "format": "" },
              "mcp_client": { "enabled": true, "timeout": 30 },
              "watcher": { "enabled": true, "watch_path": "data", "debounce_delay": 1.0 } }
            """);

        var management = Expect.Clean(result).Management;
        Assert.Equal((true, false), (management.HasTools, management.MayChange));
        Assert.Equal(["mcp.router"], management.Families);
        Assert.Equal("one", Assert.Single(result.Model!.Servers).Name);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Load_AllowInstanceManagement_SaysWhetherToolsMayChange(string value, bool expected) =>
        Assert.Equal(expected, Expect.Clean(Load($$"""{ "server": { "allow_instance_management": {{value}} } }""")).Management.MayChange);

    [Theory]
    [InlineData("""{ "server": { "host": "0.0.0.0", "http": { "port": 3000 } } }""", "server.host", "this machine only", "mimir serve --http 127.0.0.1:3000")]
    [InlineData("""{ "server": { "host": "0.0.0.0", "http": { "port": 8080 } } }""", "server.host", "this machine only", "mimir serve --http 127.0.0.1:8080")]
    [InlineData("""{ "server": { "http": { "port": 8080 } } }""", "server.http.port", "when it is started", "mimir serve --http 127.0.0.1:8080")]
    [InlineData("""{ "server": { "sse": { "port": 3001 } } }""", "server.sse.port", "/sse of the port of HTTP", "3000/sse")]
    [InlineData("""{ "api": { "enabled": true } }""", "api.enabled", "no REST API", "command line")]
    [InlineData("""{ "security": { "enable_validation": false } }""", "security.enable_validation", "always checked", "Remove")]
    [InlineData("""{ "logging": { "directory": "logs" } }""", "logging.directory", "stderr", "mimir logs")]
    [InlineData("""{ "mcp_client": { "timeout": 5 } }""", "mcp_client.timeout", "its own times", "callTimeout")]
    [InlineData("""{ "watcher": { "enabled": false } }""", "watcher.enabled", "always followed", "Remove")]
    public void Load_WhatHasNoEffectHere_IsAWarningAtItsPlace(string text, string key, string message, string remedy) =>
        Expect.Warning(Load(text), key, message, remedy);

    [Theory]
    [InlineData("""{ "security": { "bearer_token": "canary-4711" } }""", "security.bearer_token", "would not be asked for", "Leave it empty")]
    [InlineData("""{ "watcher": { "watch_path": "instances" } }""", "watcher.watch_path", "another folder than data", "data/NAME/mcp_settings.json")]
    [InlineData("""{ "mcp_client": { "enabled": false } }""", "mcp_client.enabled", "nothing to serve", "isActive")]
    [InlineData("""{ "server": { "host": "::1", "allow_instance_managment": true } }""", "server.allow_instance_managment", "is not a key of server", "Did you mean allow_instance_management?")]
    [InlineData("""{ "server": { "host": "127.0.0.1" }, "lodging": {} }""", "lodging", "is not a key of config.json", "Did you mean logging?")]
    [InlineData("""{ "server": { "http": { "port": 70000 } } }""", "server.http.port", "out of bounds", "1 to 65535")]
    [InlineData("""{ "mcp_client": { "timeout": -5 } }""", "mcp_client.timeout", "out of bounds", "1 to 3600 seconds")]
    [InlineData("""{ "watcher": { "debounce_delay": 1e9 } }""", "watcher.debounce_delay", "out of bounds", "0 to 3600 seconds")]
    [InlineData("""{ "server": { "http": { "port": "3000" } } }""", "server.http.port", "a number", "3000")]
    [InlineData("""{ "server": { "allow_instance_management": "yes" } }""", "server.allow_instance_management", "a boolean", "true")]
    public void Load_WhatWouldBePretended_IsAnErrorAtItsPlace(string text, string key, string message, string remedy)
    {
        var result = Load(text);
        var issue = Expect.Error(result, key, message, remedy);
        Assert.DoesNotContain(Canary, issue.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A file that is named is read alone: who names this one has to be told where the rest is.</summary>
    [Fact]
    public void Load_NamedByItself_SaysThatItsInstancesAreNotRead()
    {
        Load("""{ "server": { "allow_instance_management": true } }""");
        var result = _workspace.Load(Path.Combine(_workspace.Folder, "config.json"));
        Expect.Warning(result, "", "read alone", "--config DIR");
        Assert.True(result.Model!.Management.MayChange);
    }

    /// <summary>Many programs have a file of that name, and <c>server</c> in Mimir's own file is a slip of the pen.</summary>
    [Fact]
    public void Load_FilesOfOthers_AreNotTakenForOne()
    {
        Expect.Warning(Load("""{ "compilerOptions": {} }"""), "", "is not read");
        _workspace.Write("mimir.json", """{ "server": { "host": "127.0.0.1" } }""");
        Assert.Contains(_workspace.Load().Issues, static i => i.Severity == IssueSeverity.Error && i.Key == "server");
    }

    private ConfigResult Load(string text)
    {
        _workspace.Write("data/one/mcp_settings.json", """{ "command": "x" }""");
        _workspace.Write("config.json", text);
        return _workspace.Load();
    }
}
