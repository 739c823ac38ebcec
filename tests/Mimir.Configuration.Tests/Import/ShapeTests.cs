using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Configuration.Clients;
using Mimir.Configuration.Import;

namespace Mimir.Configuration.Tests.Import;

/// <summary>The files of clients as their makers document them, each in its place, and what becomes of them here.</summary>
public sealed class ShapeTests : IDisposable
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ImportHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("claude-desktop", "home/.config/Claude/claude_desktop_config.json", """{ "mcpServers": { "a": { "command": "npx", "args": ["-y", "x"], "env": { "K": "v" } } } }""", """{"command":"npx","args":["-y","x"],"env":{"K":"v"}}""")]
    [InlineData("claude-desktop", "home/.config/Claude/claude_desktop_config.json", """{ "mcpServers": { "a": { "command": "x", "args": ["${HOME}", "$HOME"] } } }""", """{"command":"x","args":["$${HOME}","$HOME"]}""")]
    [InlineData("claude-code", "home/.claude.json", """{ "numStartups": 7, "mcpServers": { "a": { "type": "stdio", "command": "${BIN:-x}", "env": { "K": "${TOK}" } } } }""", """{"type":"stdio","command":"${BIN:-x}","env":{"K":"${TOK}"}}""")]
    [InlineData("claude-code", "home/.claude.json", """{ "projects": { "/srv/p": { "allowedTools": [], "mcpServers": { "a": { "command": "./run" } } } } }""", """{"command":"./run","cwd":"/srv/p"}""")]
    [InlineData("claude-code", "project/.mcp.json", """{ "mcpServers": { "a": { "type": "http", "url": "${BASE:-https://x.com}/mcp", "headers": { "A": "Bearer ${TOK}" } } } }""", """{"type":"http","url":"${BASE:-https://x.com}/mcp","headers":{"A":"Bearer ${TOK}"}}""")]
    [InlineData("cursor", "home/.cursor/mcp.json", """{ /* c */ "mcpServers": { "a": { "url": "https://x.com/mcp", "headers": { "A": "${env:TOK}" } }, }, }""", """{"url":"https://x.com/mcp","headers":{"A":"${TOK}"}}""")]
    [InlineData("cursor", "project/.cursor/mcp.json", """{ "mcpServers": { "a": { "command": "x", "args": ["${workspaceFolder}/s", "${userHome}${/}t", "${plain}"] } } }""", """{"command":"x","args":["PROJECT/s","${HOME}/t","$${plain}"],"cwd":"PROJECT"}""")]
    [InlineData("vscode", "home/.config/Code/User/mcp.json", """{ "inputs": [{ "id": "my-key", "password": true }], "servers": { "a": { "type": "sse", "url": "https://x.com/sse", "headers": { "A": "${input:my-key}" } } } }""", """{"type":"sse","url":"https://x.com/sse","headers":{"A":"${secret:MY_KEY}"}}""")]
    [InlineData("vscode", "home/.config/Code/User/settings.json", """{ "editor.tabSize": 2, "mcp": { "servers": { "a": { "command": "x", "args": ["${input:dir}"] } } } }""", """{"command":"x","args":["${DIR}"]}""")]
    [InlineData("vscode", "project/.vscode/mcp.json", """{ "servers": { "a": { "command": "x", "cwd": "sub" } } }""", """{"command":"x","cwd":"PROJECT/sub"}""")]
    [InlineData("codex", "home/.codex/config.toml", "model = 'o'\n[mcp_servers.a]\ncommand = 'npx'\nargs = ['-y']\nstartup_timeout_sec = 12.5\ntool_timeout_sec = 90\nenabled = false\nenv_vars = ['A']\ndisabled_tools = ['d']\n[mcp_servers.a.env]\nK = 'v'\n", """{"command":"npx","args":["-y"],"startupTimeout":"12500ms","callTimeout":"90000ms","enabled":false,"env":{"A":"${A:-}","K":"v"},"deniedTools":["d"]}""")]
    [InlineData("codex", "project/.codex/config.toml", "mcp_servers.a = { url = 'https://x.com/mcp', bearer_token_env_var = 'TOK', env_http_headers = { X = 'VX' }, http_headers = { Y = '${y}' } }", """{"url":"https://x.com/mcp","headers":{"Authorization":"Bearer ${TOK}","X":"${VX}","Y":"$${y}"}}""")]
    [InlineData("windsurf", "home/.codeium/windsurf/mcp_config.json", """{ "mcpServers": { "a": { "serverUrl": "https://x.com/mcp", "disabled": true, "disabledTools": ["t"] } } }""", """{"url":"https://x.com/mcp","enabled":false,"deniedTools":["t"]}""")]
    [InlineData("zed", "home/.config/zed/settings.json", """{ "theme": "One", "context_servers": { "a": { "enabled": true, "source": "custom", "command": "uv", "args": ["run"], "env": {} } } }""", """{"command":"uv","args":["run"]}""")]
    [InlineData("zed", "home/.config/zed/settings.json", """{ "context_servers": { "a": { "command": { "path": "uv", "args": ["run"], "env": { "K": "v" } }, "settings": {}, "source": "custom" } } }""", """{"command":"uv","args":["run"],"env":{"K":"v"}}""")]
    [InlineData("gemini", "home/.gemini/settings.json", """{ "mcpServers": { "a": { "httpUrl": "https://x.com/mcp", "headers": { "A": "Bearer $TOK" }, "timeout": 30000, "includeTools": ["t"] } } }""", """{"url":"https://x.com/mcp","headers":{"A":"Bearer ${TOK}"},"callTimeout":"30000ms","allowedTools":["t"]}""")]
    [InlineData("cline", "home/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json", """{ "mcpServers": { "a": { "type": "streamableHttp", "url": "https://x.com/mcp", "timeout": 60, "disabled": false } } }""", """{"type":"http","url":"https://x.com/mcp","callTimeout":"60000ms"}""")]
    [InlineData("lm-studio", "home/.lmstudio/mcp.json", """{ "mcpServers": { "a": { "url": "https://x.com/mcp" } } }""", """{"url":"https://x.com/mcp"}""")]
    public void Look_FileOfAClient_IsFoundAndTranslated(string client, string file, string text, string expected)
    {
        _home.Write(file, text);

        var item = Assert.Single(_home.Look(client));

        Assert.Equal(ImportState.New, item.State);
        Assert.Equal(expected.Replace("PROJECT", _home.At("project"), StringComparison.Ordinal), Compact(item));
    }

    [Fact]
    public void Look_ExtensionOfZed_IsRefusedAsThat()
    {
        _home.Write("home/.config/zed/settings.json", """{ "context_servers": { "a": { "source": "extension", "enabled": true, "settings": { "key": "v" } } } }""");

        Assert.Contains("an extension of Zed", Assert.Single(_home.Look("zed")).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "command": "x", "autoApprove": ["t"], "alwaysAllow": [] }""", "autoApprove is left out: Mimir never asks")]
    [InlineData("""{ "command": "x", "timeout": 5 }""", "timeout is left out: Clients differ about its unit")]
    [InlineData("""{ "command": "x", "watch": {}, "dev": {} }""", "watch is left out")]
    [InlineData("""{ "command": "x", "env": { "K": "${input:a b}" } }""", "mimir secret set A_B first")]
    [InlineData("""{ "command": "x", "args": ["${input:1}"] }""", "becomes the environment variable _1")]
    [InlineData("""{ "command": "x", "autostart": true, "prefix": "q" }""", "prefix is left out")]
    public void Look_WhatHasNoEquivalent_IsTold(string entry, string note) =>
        Assert.Contains(Entry(entry).Notes, told => told.Contains(note, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{ }""", "neither command nor url")]
    [InlineData("""[]""", "must be an object, and is an array")]
    [InlineData("""{ "command": "x", "envFile": ".env" }""", "envFile: No file")]
    [InlineData("""{ "command": "x", "sandbox": true }""", "sandbox: Servers are not confined")]
    [InlineData("""{ "url": "https://x.com", "oauth": {} }""", "oauth: Signing in")]
    [InlineData("""{ "url": "https://x.com", "type": "ws" }""", "its type is \"ws\"")]
    [InlineData("""{ "command": "x", "disabled": "no" }""", "neither true nor false")]
    [InlineData("""{ "command": "x", "args": ["${command:pick}"] }""", "only the client knows")]
    [InlineData("""{ "command": "x", "cwd": "${workspaceFolder}" }""", "only the client knows")]
    [InlineData("""{ "command": "x", "args": [{}] }""", "must hold strings alone, and holds an object")]
    [InlineData("""{ "command": "x", "env": { "K": [] } }""", "env.K must be a string, and is an array")]
    [InlineData("""{ "command": "mimir", "args": ["serve"] }""", "it is Mimir itself")]
    [InlineData("""{ "command": "/opt/m/mimir", "args": ["serve", "--namespace", "x"] }""", "it is Mimir itself")]
    [InlineData("""{ "command": "dotnet", "args": ["/opt/m/mimir.dll", "serve"] }""", "it is Mimir itself")]
    [InlineData("""{ "url": "http://127.0.0.1:3000/mcp" }""", "it is Mimir itself")]
    [InlineData("""{ "url": "http://localhost:3000/mcp/work" }""", "it is Mimir itself")]
    [InlineData("""{ "url": "http://[::1]:3000/sse" }""", "it is Mimir itself")]
    [InlineData("""{ "command": "npx", "args": ["mcp-remote", "http://localhost:3000/mcp"] }""", "it is Mimir itself")]
    public void Look_WhatCannotBe_IsRefusedWithTheReason(string entry, string reason)
    {
        var item = Entry(entry);

        Assert.Equal((ImportState.Refused, false), (item.State, item.IsWritten));
        Assert.Contains(reason, item.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "url": "http://127.0.0.1:3001/mcp" }""")]
    [InlineData("""{ "url": "http://example.com:3000/mcp" }""")]
    [InlineData("""{ "command": "mimir-notes", "args": ["serve"] }""")]
    [InlineData("""{ "command": "x", "args": ["mimir"] }""")]
    public void Look_WhatIsNotMimir_IsImportable(string entry) => Assert.Equal(ImportState.New, Entry(entry).State);

    [Fact]
    public void Look_OurNameAtAnotherPort_IsMimirItself()
    {
        var file = _home.Write("home/any.json", """{ "mcpServers": { "Mimir": { "url": "http://127.0.0.1:3004/mcp" }, "mimir": { "command": "notes" } } }""");

        Assert.Equal(["it is Mimir itself", null], _home.Look(file).Select(item => item.Reason));
    }

    [Fact]
    public void Look_Changes_ShowNoSecret()
    {
        var item = Entry("""
            { "command": "x", "args": ["--api-key", "s3cr3t", "--token=s3cr3t", "https://u:s3cr3t@h/p?k=s3cr3t", "Authorization: Bearer s3cr3t", "-v"],
              "env": { "K": "s3cr3t" }, "headers": { "A": "s3cr3t" }, "url": "https://u:s3cr3t@h/p?k=s3cr3t" }
            """);

        Assert.NotEmpty(item.Changes);
        Assert.DoesNotContain("s3cr3t", string.Join('\n', item.Changes), StringComparison.Ordinal);
        Assert.Contains(item.Changes, change => change.After == "--api-key *** --token=*** https://***@h/p?k=*** Authorization:*** -v");
    }

    [Theory]
    [InlineData("""["ghp_s3cr3tV4lue"]""", "***")]
    [InlineData("""["X=ghp_s3cr3tV4lue"]""", "X=***")]
    [InlineData("""["--header", "X-Api-Key:s3cr3tV4lue"]""", "--header X-Api-Key:***")]
    [InlineData("""["-H", "X-Custom: s3cr3tV4lue"]""", "-H X-Custom:***")]
    [InlineData("""["--header=X-Custom: s3cr3tV4lue"]""", "--header=X-Custom:***")]
    [InlineData("""["-H", "X-Custom: Bearer ${K}"]""", "-H 'X-Custom:Bearer ${K}'")]
    [InlineData("""["--pat", "s3cr3tV4lue"]""", "--pat ***")]
    [InlineData("""["--pat=s3cr3tV4lue"]""", "--pat=***")]
    [InlineData("""["-e", "DB_PASS=s3cr3tV4lue"]""", "-e DB_PASS=***")]
    [InlineData("""["--env=API_KEY=s3cr3tV4lue"]""", "--env=API_KEY=***")]
    [InlineData("""["run --token s3cr3tV4lue"]""", "***")]
    [InlineData("""["{\"token\":\"s3cr3tV4lue\"}"]""", "***")]
    [InlineData("""["https://h/bot123:s3cr3tV4lues3cr3tV4lues3cr3t/x"]""", "https://h/bot123:***/x")]
    [InlineData("""["https://h/ghp_s3cr3tV4lue/x#s3cr3tV4lue"]""", "https://h/***/x#***")]
    [InlineData("""["DB=postgres://u:s3cr3tV4lue@h/db"]""", "DB=postgres://***@h/db")]
    [InlineData("""["-y", "@scope/server@1.2.3", "--root", "/home/me/compass", "-v", "/run/secret:/run/secret:ro"]""", "-y @scope/server@1.2.3 --root /home/me/compass -v /run/secret:/run/secret:ro")]
    public void Look_Arguments_AreShownWithoutSecrets(string args, string shown)
    {
        var item = Entry($$"""{ "command": "x", "args": {{args}} }""");

        Assert.Equal(shown, item.Changes.Single(change => change.Key == "args").After);
    }

    [Theory]
    [InlineData("https://h/mcp/ghp_s3cr3tV4lue", "https://h/mcp/***")]
    [InlineData("https://h/mcp?api_key=s3cr3tV4lue&x", "https://h/mcp?api_key=***&***")]
    [InlineData("https://u:s3cr3tV4lue@h/mcp", "https://***@h/mcp")]
    public void Look_Address_IsShownWithoutSecrets(string url, string shown) =>
        Assert.Equal(shown, Entry($$"""{ "url": "{{url}}" }""").Changes.Single(change => change.Key == "url").After);

    [Theory]
    [InlineData(ImportSystem.Linux, "claude-desktop", "/h/.config/Claude/claude_desktop_config.json")]
    [InlineData(ImportSystem.MacOS, "claude-desktop", "/h/Library/Application Support/Claude/claude_desktop_config.json")]
    [InlineData(ImportSystem.Windows, "claude-desktop", "/appdata/Claude/claude_desktop_config.json")]
    [InlineData(ImportSystem.MacOS, "vscode", "/h/Library/Application Support/Code/User/mcp.json")]
    [InlineData(ImportSystem.Windows, "vscode", "/appdata/Code/User/settings.json")]
    [InlineData(ImportSystem.MacOS, "zed", "/h/.config/zed/settings.json")]
    [InlineData(ImportSystem.Windows, "zed", "/appdata/Zed/settings.json")]
    [InlineData(ImportSystem.Windows, "cursor", "/h/.cursor/mcp.json")]
    [InlineData(ImportSystem.Linux, "codex", "/c/config.toml")]
    public void Places_OfEverySystem_AreWhereTheClientHasThem(ImportSystem system, string client, string path)
    {
        _home.Environment.HomeDirectory = "/h";
        _home.Environment["APPDATA"] = "/appdata";
        _home.Environment["CODEX_HOME"] = "/c";

        Assert.Contains(ImportClients.Places(_home.Environment, "/p", system), place => place.Client.Id == client && place.Path == path);
    }

    private static string Compact(ImportItem item) => JsonSerializer.Serialize(JsonDocument.Parse(item.Bytes).RootElement, Relaxed);

    private ImportItem Entry(string entry) => Assert.Single(_home.Look(_home.Write("home/any.json", $$"""{ "mcpServers": { "a": {{entry}} } }""")));
}
