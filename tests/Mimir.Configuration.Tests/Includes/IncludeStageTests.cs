using Mimir.Configuration.Issues;
using Mimir.Configuration.Showing;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Includes;

/// <summary>Servers that stand in the files of other clients and are taken in as they are there.</summary>
public sealed class IncludeStageTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("a.json", """{ "mcpServers": { "a": { "command": "x" } } }""")]
    [InlineData("a.json", """{ /* VS Code */ "servers": { "a": { "type": "stdio", "command": "x", }, }, "inputs": [] }""")]
    [InlineData("settings.json", """{ "mcp": { "servers": { "a": { "command": "x" } } } }""")]
    [InlineData("config.toml", "[mcp_servers.a]\ncommand = \"x\"\nstartup_timeout_sec = 30\n")]
    [InlineData("zed.json", """{ "context_servers": { "a": { "source": "custom", "command": "x", "args": [] } } }""")]
    [InlineData("claude.json", """{ "numStartups": 3, "mcpServers": { "a": { "type": "stdio", "command": "x", "env": {}, "alwaysAllow": ["y"] } } }""")]
    public void Include_FileOfAClient_ItsServersAreThere(string name, string text)
    {
        _workspace.Write("theirs/" + name, text);

        var server = Expect.Server(Load("theirs/" + name));

        Assert.Equal("a", server.Name);
        Assert.Equal("x", Assert.IsType<StdioModel>(server.Transport).Command);
    }

    [Fact]
    public void Include_RelativeHomeFullAndPattern_AreFoundFromTheFileThatSaysIt()
    {
        _workspace.Environment.HomeDirectory = Path.Combine(_workspace.Folder, "home");
        var full = One("elsewhere/full.json", "full");
        One("beside.json", "beside");
        One("home/.cursor/mcp.json", "cursor");
        One("team/b/mcp.json", "b");
        One("team/a/mcp.json", "a");
        One("team/.hidden/mcp.json", "hidden");
        One("team/c/other.json", "other");

        var result = Load(full, "beside.json", "~/.cursor/mcp.json", "team/*/mcp.json", "./team/[ab]/*.json");

        Assert.Equal(["full", "beside", "cursor", "a", "b"], Expect.Clean(result).Servers.Select(s => s.Name));
        Assert.Equal(["mimir.json", "full.json", "beside.json", "mcp.json", "mcp.json", "mcp.json"], result.Files.Select(Path.GetFileName));
    }

    [Fact]
    public void Include_ServerOfAClientsOwnPlace_IsReadAsThatClientMeansIt()
    {
        _workspace.Environment["TOKEN"] = "t";
        _workspace.Environment.HomeDirectory = _workspace.Folder;
        _workspace.Write(".cursor/mcp.json", """{ "mcpServers": { "cursor": { "command": "x", "env": { "A": "${env:TOKEN}" } } } }""");
        _workspace.Write(".codex/config.toml", "[mcp_servers.codex]\nurl = \"https://h/mcp\"\nbearer_token_env_var = \"TOKEN\"\n");
        _workspace.Write("project/.vscode/mcp.json", """{ "servers": { "code": { "command": "x", "args": ["${workspaceFolder}/a"] } } }""");

        var servers = Expect.Clean(Load("~/.cursor/mcp.json", "~/.codex/config.toml", "project/.vscode/mcp.json")).Servers;

        Assert.Equal("t", Assert.IsType<StdioModel>(servers[0].Transport).Environment["A"]);
        Assert.Equal("Bearer t", Assert.IsType<HttpModel>(servers[1].Transport).Headers["Authorization"]);
        var code = Assert.IsType<StdioModel>(servers[2].Transport);
        Assert.Equal((Path.Combine(_workspace.Folder, "project/a"), Path.Combine(_workspace.Folder, "project")), (code.Arguments[0], code.WorkingDirectory));
    }

    [Theory]
    [InlineData("mimir.json", """{ "include": ["theirs.json"], "mcpServers": { "a": { "command": "own" } } }""", "mimir.json:1:")]
    [InlineData("servers/a.json", """{ "command": "own" }""", "a.json:1:1")]
    [InlineData("data/a/mcp_settings.json", """{ "command": "own" }""", "mcp_settings.json:1:1")]
    [InlineData("plugins/a/plugin.toml", "[plugin]\nname = \"a\"\nversion = \"1\"\n[runtime]\ncommand = \"own\"\n[security]\n", "plugin.toml")]
    public void Include_NameOfOnesOwn_OnesOwnWinsAndBothAreNamed(string own, string text, string place)
    {
        _workspace.Write("mimir.json", """{ "include": ["theirs.json"] }""");
        _workspace.Write(own, text);
        One("theirs.json", "a");

        var result = _workspace.Load();

        var issue = Expect.Warning(result, "mcpServers.a", "a server of that name stands in ", "Rename or remove one");
        Assert.EndsWith("theirs.json", issue.File, StringComparison.Ordinal);
        Assert.Contains(place, issue.Message, StringComparison.Ordinal);
        Assert.Equal("own", Assert.IsType<StdioModel>(Assert.Single(result.Model!.Servers).Transport).Command);
    }

    [Fact]
    public void Include_NameInTwoFiles_TheFirstWins()
    {
        One("1.json", "a");
        One("2.json", "a");

        Assert.EndsWith("2.json", Expect.Warning(Load("1.json", "2.json"), "mcpServers.a", "1.json:1:").File, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gone.json", "names a file that is not there", "remove it from include")]
    [InlineData("folder", "names a folder", "/*.json")]
    public void Include_NothingToRead_IsAWarningWithItsPlace(string path, string message, string remedy)
    {
        _workspace.Write("folder/x.json", "{}");

        var result = Load(path);

        Assert.Equal(1, Expect.Warning(result, "include[0]", message, remedy).Line);
        Assert.Contains(Path.Combine(_workspace.Folder, path), result.IncludePlaces);
    }

    [Fact]
    public void Include_PatternThatFitsNothing_IsNoFault()
    {
        var result = Load("theirs/*.json");

        Assert.Empty(Expect.Clean(result).Servers);
        Assert.Equal([Path.Combine(_workspace.Folder, "theirs")], result.IncludePlaces);
    }

    [Theory]
    [InlineData("x.json", """{ "mcpServers": { """)]
    [InlineData("x.json", """{ "mcpServers": { "a": { "command": "x", "command": "y" } } }""")]
    [InlineData("x.toml", "[mcp_servers")]
    public void Include_FileThatCannotBeRead_IsAnError(string name, string text)
    {
        var path = _workspace.Write(name, text);

        var result = Load(name);

        Assert.Null(result.Model);
        Assert.Equal((IssueSeverity.Error, path), (result.Issues[0].Severity, result.Issues[0].File));
    }

    [Theory]
    [InlineData("""{ "command": "x", "envFile": ".env" }""", "is passed over: envFile")]
    [InlineData("""{ "command": "x", "env": { "LD_PRELOAD": "/x.so" } }""", "LD_PRELOAD, on which it depends what programs load")]
    [InlineData("""{ "args": ["x"] }""", "neither command nor url says how it is reached")]
    [InlineData("""{ "url": "ftp://h/" }""", "the server is passed over: ")]
    [InlineData("""{ "command": "x", "env": { "A": "${NOT_THERE}" } }""", "the environment variable NOT_THERE is not set")]
    [InlineData("3", "its entry must be an object")]
    public void Include_ServerThatCannotBeTakenIn_IsLeftOutAndHarmsNobody(string entry, string message)
    {
        _workspace.Write("theirs.json", $$"""{ "mcpServers": { "bad": {{entry}}, "good": { "command": "x" } } }""");

        var result = Load("theirs.json");

        Assert.Equal("good", Assert.Single(result.Model!.Servers).Name);
        var issue = Assert.Single(result.Issues);
        Assert.Contains(message, issue.Message, StringComparison.Ordinal);
        Assert.True(issue.Severity == IssueSeverity.Warning && issue.Line == 1 && issue.Key.StartsWith("mcpServers.bad", StringComparison.Ordinal), issue.ToString());
    }

    [Theory]
    [InlineData("mimir", """{ "command": "/opt/mimir", "args": ["serve", "--stdio"] }""")]
    [InlineData("router", """{ "command": "C:\\bin\\mimir.exe", "args": ["serve"] }""")]
    [InlineData("router", """{ "url": "http://localhost:3000/mcp" }""")]
    [InlineData("router", """{ "url": "http://127.0.0.1:3000/mcp/work" }""")]
    [InlineData("router", """{ "command": "npx", "args": ["mcp-remote", "http://127.0.0.1:3000/mcp"] }""")]
    [InlineData("Mimir", """{ "url": "http://127.0.0.1:4000/mcp" }""")]
    public void Include_EntryThatIsMimirItself_IsPassedOver(string name, string entry)
    {
        _workspace.Write("theirs.json", $$"""{ "mcpServers": { "{{name}}": {{entry}} } }""");

        var result = Load("theirs.json");

        Expect.Warning(result, "mcpServers." + name, "is Mimir itself", "Leave it there");
        Assert.Empty(result.Model!.Servers);
    }

    [Fact]
    public void Include_WithinAnIncludedFile_IsNotFollowed()
    {
        One("second.json", "b");
        _workspace.Write("first.json", """{ "include": ["second.json"], "mcpServers": { "a": { "command": "x" } } }""");

        Assert.Equal("a", Expect.Server(Load("first.json")).Name);
    }

    [Fact]
    public void Include_ManyFilesAndServers_AreBounded()
    {
        for (var i = 0; i <= 256; i++) One($"theirs/{i:000}.json", $"s{i}");
        Assert.Equal("more than 256 files", Expect.Error(Load("theirs/*.json"), "include[0]", "leads to ").Message["leads to ".Length..]);

        _workspace.Write("many.json", $$"""{ "mcpServers": { {{string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"s{i}\":{{\"command\":\"x\"}}"))}} } }""");
        Expect.Error(Load("many.json"), "mcpServers.s1000", "one more than the 1000 servers");

        Expect.Error(Load([.. Enumerable.Range(0, 65).Select(i => $"theirs/{i:000}.json")]), "include", "65");
    }

    [Theory]
    [InlineData("\"a.json\"", "include", "must be an array of strings")]
    [InlineData("[{}]", "include[0]", "must be a string")]
    [InlineData("[\"\"]", "include[0]", "is no path")]
    [InlineData("[\"~/x\"]", "include[0]", "there is no home folder")]
    public void Include_WrittenWrong_IsAnError(string value, string key, string message)
    {
        _workspace.Environment.HomeDirectory = null;
        _workspace.Write("mimir.json", $$"""{ "include": {{value}} }""");

        Expect.Error(_workspace.Load(), key, message);
    }

    [Fact]
    public void Shown_WithSources_EachKeyHasItsPlaceInTheIncludedFile()
    {
        var path = _workspace.Write("theirs.json", "{ \"mcpServers\": {\n  \"a\": {\n    \"command\": \"x\",\n    \"timeout\": 3,\n    \"env\": { \"B\": \"1\" }\n } } }");
        var keys = Effective.Of(Load("theirs.json").Tree!).ToDictionary(k => k.Key, StringComparer.Ordinal);

        Assert.Equal($"{path}:3:16", keys["mcpServers.a.command"].Mark.ToString());
        Assert.StartsWith($"{path}:5:", keys["mcpServers.a.env.B"].Mark.ToString(), StringComparison.Ordinal);
    }

    private string One(string file, string server) => _workspace.Write(file, $$"""{ "mcpServers": { "{{server}}": { "command": "x" } } }""");

    private ConfigResult Load(params string[] include)
    {
        _workspace.Write("mimir.json", $$"""{ "include": [{{string.Join(',', include.Select(i => $"\"{i}\""))}}] }""");
        return _workspace.Load();
    }
}
