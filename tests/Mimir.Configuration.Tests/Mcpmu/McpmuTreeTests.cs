using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;
using Mimir.Router.Model.Permissions;

namespace Mimir.Configuration.Tests.Mcpmu;

/// <summary>What <c>config.json</c> of mcpmu means.</summary>
public sealed class McpmuTreeTests
{
    private const string Two = """
        {
          "schemaVersion": 1,
          "servers": {
            "files": { "command": "npx", "args": ["-y", "server-filesystem", "${HOME}"], "cwd": "/srv", "env": { "A": "$b${C}" }, "deniedTools": ["delete_file"], "startup_timeout_sec": 10, "tool_timeout_sec": 60 },
            "mail": { "kind": "stdio", "command": "mail", "shared": false, "autostart": true },
            "web": { "kind": "streamable_http", "url": "https://h/mcp", "bearer_token_env_var": "TOKEN", "http_headers": { "X-A": "a" }, "env_http_headers": { "X-B": "B_VALUE" } },
            "off": { "command": "x", "enabled": false }
          },
          "namespaces": {
            "work": { "description": "Work", "serverIds": ["files", "web"], "denyByDefault": true, "serverDefaults": { "web": false } },
            "home": { "serverIds": ["mail", "files"], "serverDefaults": { "mail": true } }
          },
          "toolPermissions": [
            { "namespace": "work", "server": "files", "toolName": "read_file", "enabled": true },
            { "namespace": "home", "server": "files", "toolName": "write_file", "enabled": false },
            { "namespace": "home", "server": "mail", "toolName": "list", "enabled": false },
            { "namespace": "home", "server": "mail", "toolName": "list", "enabled": true }
          ],
          "defaultNamespace": "home",
          "metrics": { "enabled": true, "retentionDays": 60 },
          "lastModified": "2026-01-01T00:00:00Z",
        }
        """;

    [Fact]
    public void Load_TwoNamespaces_MeanWhatTheyMeanThere()
    {
        using var workspace = new Workspace();
        workspace.Environment["TOKEN"] = "canary";
        workspace.Environment["B_VALUE"] = "b";
        workspace.Write("config.json", Two);

        var result = workspace.Load();
        var model = result.Model!;

        Expect.Warning(result, "naming.separator", "Claude Desktop, Cursor");
        Assert.Equal((".", true, TimeSpan.FromSeconds(8)), (model.Naming.Separator, model.Naming.LabelsDescriptions, model.Limits.ListGrace));
        Assert.Equal(["files", "mail", "web"], model.Servers.Select(s => s.Name));
        var files = Assert.IsType<StdioModel>(model.Servers[0].Transport);
        Assert.Equal(("npx", "-y server-filesystem ${HOME}", "/srv", "$b${C}"), (files.Command, string.Join(' ', files.Arguments), files.WorkingDirectory, files.Environment["A"]));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)), (model.Servers[0].StartupTimeout, model.Servers[0].CallTimeout));
        Assert.Equal((Sharing.Session, true), (model.Servers[1].Sharing, model.Servers[1].Autostart));
        var web = Assert.IsType<HttpModel>(model.Servers[2].Transport);
        Assert.Equal(("Bearer canary", "a", "b"), (web.Headers["Authorization"], web.Headers["X-A"], web.Headers["X-B"]));

        var permissions = model.Permissions;
        Assert.Equal("home", permissions.DefaultNamespace);
        Assert.Equal(["delete_file"], permissions.Servers["files"].Tools.Denied);
        var work = permissions.Find("work")!;
        Assert.Equal((true, "Work"), (work.DeniesByDefault, work.Description));
        Assert.Equal("read_file False", Text(work.Grants["files"].Permissions.Tools.Allowed, work.Grants["files"]));
        Assert.True(work.Grants["web"].IsAllowedByDefault);
        var home = permissions.Find("home")!;
        Assert.Equal("write_file True", Text(home.Grants["files"].Permissions.Tools.Denied, home.Grants["files"]));
        Assert.Equal("list False", Text(home.Grants["mail"].Permissions.Tools.Allowed, home.Grants["mail"]));
    }

    private static string Text(IEnumerable<string>? tools, NamespaceGrant grant) => $"{string.Join(',', tools ?? [])} {grant.IsAllowedByDefault}";

    [Theory]
    [InlineData("""{ "schemaVersion": 1, "servers": { "a": { "command": "x", "oauth": {} } } }""", "servers.a.oauth", "is not taken", "bearer_token_env_var")]
    [InlineData("""{ "schemaVersion": 1, "servers": { "a": { "command": "x", "comand": "x" } } }""", "servers.a.comand", "is not a key of a server", "Did you mean command?")]
    [InlineData("""{ "schemaVersion": 1, "servers": { "a": { "url": "http://h", "bearer_token_env_var": "ey.token" } } }""", "servers.a.bearer_token_env_var", "is no name of an environment variable", "")]
    [InlineData("""{ "schemaVersion": 1, "servers": { "a": { "url": "http://h", "http_headers": { "x-k": "1" }, "env_http_headers": { "X-K": "K" } } } }""", "servers.a.env_http_headers.X-K", "a second time", "")]
    [InlineData("""{ "schemaVersion": 1, "servers": { "a": { "command": "x", "shared": "no" } } }""", "servers.a.shared", "must be a boolean", "")]
    [InlineData("""{ "servers": { "a": { "command": "x" } }, "namespaces": { "work": { "serverIds": ["a"] } }, "toolPermissions": [{ "namespace": "wrk", "server": "a", "toolName": "t", "enabled": true }] }""", "toolPermissions[0].namespace", "there is not", "Did you mean work?")]
    [InlineData("""{ "toolPermissions": [{ "namespace": "w", "server": "a", "toolName": "t" }] }""", "toolPermissions[0]", "has no enabled", "")]
    [InlineData("""{ "servers": { "a": { "command": "x" } }, "namespaces": { "w": { "serverIds": ["a"], "serverDefaults": { "a": "deny" } } } }""", "namespaces.w.serverDefaults.a", "must be a boolean", "true to deny")]
    [InlineData("""{ "schemaVersion": 1, "servers": {}, "daemonMod": true }""", "daemonMod", "is not a key", "Did you mean daemonMode?")]
    public void Load_Faulty_IsAnErrorWithItsPlace(string json, string key, string message, string remedy)
    {
        using var workspace = new Workspace();
        var file = workspace.Write("config.json", json);

        foreach (var result in (ConfigResult[])[workspace.Load(), workspace.Load(file)])
        {
            Assert.Null(result.Model);
            Assert.Contains(result.Issues, i => i.File == file && i.Key == key && i.Line > 0 && i.Message.Contains(message, StringComparison.Ordinal) && i.Remedy.Contains(remedy, StringComparison.Ordinal));
            Assert.DoesNotContain("ey.token", Expect.Text(result), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_OtherConfigJson_IsNotReadAndBesideMimirJsonNeitherIsMcpmus()
    {
        using var workspace = new Workspace();
        workspace.Write("config.json", """{ "server": { "host": "0.0.0.0" }, "api": { "enabled": false } }""");
        Assert.Contains("is not read", Expect.Warning(workspace.Load(), "", "is no other router's").Message, StringComparison.Ordinal);

        workspace.Write("config.json", Two);
        workspace.Write("mimir.json", """{ "mcpServers": { "a": { "command": "x" } } }""");
        Assert.Equal("a", Expect.Server(workspace.Load()).Name);
    }
}
