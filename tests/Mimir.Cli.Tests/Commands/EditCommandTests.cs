using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

public sealed class EditCommandTests : IDisposable
{
    private const string Secret = "ghp_s3cr3tV4lues3cr3tV4lue";
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_Program_WritesItsFile()
    {
        _folder.Host.Environment["HOME"] = "/home/me";
        await DoneAsync("add", "files", "-e", "A=b=c", "--env", "K=${HOME}", "--cwd", "sub", "--eager", "--startup-timeout", "5", "--tool-timeout", "2m", "--", "./run", "-y", "--json", "--", "@x");

        Assert.Equal(
            """
            {
              "command": "/here/run",
              "args": [
                "-y",
                "--json",
                "--",
                "@x"
              ],
              "env": {
                "A": "b=c",
                "K": "${HOME}"
              },
              "cwd": "/here/sub",
              "autostart": true,
              "startupTimeout": 5,
              "callTimeout": "2m"
            }

            """,
            _folder.Read("servers/files.json"));
    }

    [Theory]
    [InlineData("https://h/mcp")]
    [InlineData("--url", "https://h/mcp")]
    public async Task Add_Address_WritesItsFile(params string[] words)
    {
        _folder.Host.Environment["T"] = "t";

        await DoneAsync(["add", "web", .. words, "--bearer-env", "T", "--header", "X-A: b: c", "--env-header", "X-B: T"]);

        using var json = JsonDocument.Parse(_folder.Read("servers/web.json"));
        Assert.Equal("https://h/mcp", json.RootElement.GetProperty("url").GetString());
        Assert.Equal("""{"X-A":"b: c","X-B":"${T}","Authorization":"Bearer ${T}"}""", Compact(json.RootElement.GetProperty("headers")));
    }

    /// <summary>An app that does not run is no hindrance: it is offered when it does.</summary>
    [Fact]
    public async Task Add_App_WritesItsFile()
    {
        await DoneAsync("add", "game", "--app", "My Game", "--call-timeout", "10s");

        Assert.Equal("""{"app":"My Game","callTimeout":"10s"}""", Compact(JsonElement.Parse(_folder.Read("servers/game.json"))));
    }

    [Theory]
    [InlineData("add", "a")]
    [InlineData("add", "a", "https://h/", "--app", "b")]
    [InlineData("add", "a", "--app", "b", "--", "x")]
    [InlineData("add", "a", "--app", "b", "-e", "A=b")]
    [InlineData("add", "a", "https://h/", "--url", "https://h/")]
    [InlineData("add", "a", "https://h/", "--hedaer", "A: b")]
    [InlineData("add", "a", "npx", "--eagre")]
    [InlineData("add", "a", "npx")]
    [InlineData("add", "a", "--url", "https://h/", "--", "x")]
    [InlineData("add", "a", "https://h/", "--env", "A=b")]
    [InlineData("add", "a", "--header", "A: b", "--", "x")]
    [InlineData("add", "a", "https://h/", "--header", "A: b", "--env-header", "a: B")]
    [InlineData("add", "a", "https://h/", "--header", "Authorization: ${X}", "--bearer-env", "B")]
    [InlineData("add", "a", "--env", "noequals", "--", "x")]
    [InlineData("add", "../a", "--", "x")]
    [InlineData("add", "con", "--", "x")]
    [InlineData("add", "a", "--url", "ftp://h/")]
    public async Task Add_WhatCannotBe_IsRefusedAndNothingIsWritten(params string[] line)
    {
        var (code, _, talk) = await _folder.RunAsync(line);

        Assert.True(code is ExitCodes.Usage or ExitCodes.Configuration, talk);
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("add", "a", "-e", "A=" + Secret, "--", "x")]
    [InlineData("add", "a", "-e", "API_KEY=s3cr3tV4lue", "--", "x")]
    [InlineData("add", "a", "https://h/", "--header", "Authorization: Bearer s3cr3tV4lue")]
    [InlineData("add", "a", "https://h/", "--header", "X: Bearer " + Secret)]
    [InlineData("add", "a", "--", "x", "--token=" + Secret)]
    [InlineData("add", "a", "--", "x", Secret)]
    [InlineData("add", "a", "https://h/mcp?key=" + Secret)]
    [InlineData("add", "a", "--", "x", "--token", "s3cr3tV4lue")]
    [InlineData("add", "a", "--", "x", "--pat", "s3cr3tV4lue")]
    [InlineData("add", "a", "--", "x", "postgres://u:s3cr3tV4lue@h/db")]
    [InlineData("add", "a", "https://h/mcp?api_key=s3cr3tV4lue")]
    [InlineData("add", "a", "https://h/mcp?x=1&token=s3cr3tV4lue")]
    [InlineData("add", "a", "https://u:s3cr3tV4lue@h/mcp")]
    [InlineData("add", "a", "https://h/mcp/" + Secret)]
    [InlineData("add", "a", "-e", "PASS=s3cr3tV4lue", "--", "x")]
    [InlineData("add", "a", "-e", "DB_URL=postgres://u:s3cr3tV4lue@h/db", "--", "x")]
    [InlineData("add", "a", "--", "docker", "run", "-e", "API_KEY=s3cr3tV4lue")]
    [InlineData("add", "a", "--", "x", "--header", "Authorization: Bearer s3cr3tV4lue")]
    public async Task Add_Secret_IsRefusedWithTheWayAndNotShown(params string[] line)
    {
        var (code, text, talk) = await _folder.RunAsync(line);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("mimir secret set", talk, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3tV4lue", text + talk, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("add", "a", "--", "x", "--key", "/etc/key.pem", "--token", "--verbose", "/home/me/sk-learn-project")]
    [InlineData("add", "a", "-e", "DB_URL=postgres://u:${PW:-}@h/db", "--", "x", "ssh://git@h/repo")]
    [InlineData("add", "a", "https://h/mcp?region=eu")]
    public Task Add_WhatOnlyResemblesASecret_IsAdded(params string[] line) => DoneAsync(line);

    [Fact]
    public async Task Add_Taken_SaysWhere()
    {
        _folder.Write("mimir.json", "{ \"mcpServers\": { \"a\": { \"command\": \"x\" } } }");

        var (code, _, talk) = await _folder.RunAsync("add", "a", "--", "x");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(_folder.At("mimir.json") + ":1:19", talk, StringComparison.Ordinal);
        Assert.Equal(["mimir.json"], _folder.Files);
    }

    [Fact]
    public async Task QuarantineRelease_Server_ChangeItsFileAlone()
    {
        await DoneAsync("add", "a", "--", "x");
        var before = _folder.Read("servers/a.json");

        Assert.Contains("a is set aside: it \"lies\"", await DoneAsync("quarantine", "a", "--reason", "it \"lies\""), StringComparison.Ordinal);
        using (var json = JsonDocument.Parse(_folder.Read("servers/a.json")))
        {
            Assert.Equal("it \"lies\"", json.RootElement.GetProperty("quarantine").GetString());
        }

        Assert.Contains("already", await DoneAsync("quarantine", "a", "--reason", "it \"lies\""), StringComparison.Ordinal);
        await DoneAsync("quarantine", "a");
        Assert.Contains("the operator wants it so", _folder.Read("servers/a.json"), StringComparison.Ordinal);
        Assert.Contains("in service again", await DoneAsync("release", "a"), StringComparison.Ordinal);
        Assert.Contains("not set aside", await DoneAsync("release", "a"), StringComparison.Ordinal);
        Assert.Equal((before, "servers/a.json"), (_folder.Read("servers/a.json"), Assert.Single(_folder.Files)));
    }

    [Theory]
    [InlineData("quarantine", "nobody")]
    [InlineData("release", "nobody")]
    [InlineData("quarantine", "a", "--reason", "")]
    [InlineData("quarantine", "a", "--reason", "${secret:A}")]
    public async Task Quarantine_WhatCannotBe_ChangesNothing(params string[] line)
    {
        await DoneAsync("add", "a", "--", "x");
        var before = _folder.Read("servers/a.json");

        var (code, _, _) = await _folder.RunAsync(line);

        Assert.NotEqual(ExitCodes.Success, code);
        Assert.Equal(before, _folder.Read("servers/a.json"));
    }

    [Fact]
    public async Task Quarantine_WrittenByHand_SaysWhatToWrite()
    {
        const string text = "{ \"mcpServers\": { \"a\": { \"command\": \"x\" } } }";
        _folder.Write("mimir.json", text);

        var (code, _, talk) = await _folder.RunAsync("quarantine", "a", "--reason", "it lies");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("write \"quarantine\": \"it lies\" into it", talk, StringComparison.Ordinal);
        Assert.Equal(text, _folder.Read("mimir.json"));
    }

    [Fact]
    public async Task RemoveRenameEnableDisable_Server_ChangeItsFileAlone()
    {
        await DoneAsync("add", "a", "--", "x");
        await DoneAsync("rename", "a", "b");
        Assert.Contains("switched off.", await DoneAsync("disable", "b"), StringComparison.Ordinal);
        Assert.Contains("already", await DoneAsync("disable", "b"), StringComparison.Ordinal);
        Assert.Contains("\"enabled\": false", _folder.Read("servers/b.json"), StringComparison.Ordinal);
        await DoneAsync("enable", "b");
        Assert.Contains("\"enabled\": true", _folder.Read("servers/b.json"), StringComparison.Ordinal);

        var (code, _, talk) = await _folder.RunAsync("remove", "b");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("--yes", talk, StringComparison.Ordinal);
        (code, _, _) = await _folder.RunAsync(new TestConsole(terminal: true, typed: ["n"]), "remove", "b");
        Assert.Equal(ExitCodes.Failure, code);
        (code, _, _) = await _folder.RunAsync(new TestConsole(terminal: true, typed: ["y"]), "remove", "b");
        Assert.Equal(ExitCodes.Success, code);
        Assert.Empty(_folder.Files);
        (code, _, talk) = await _folder.RunAsync("remove", "-y", "b");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("There is no server b.", talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerTools_DeniedAndAllowed_AreListed()
    {
        await DoneAsync("add", "a", "--", "x");
        await DoneAsync("server", "deny-tool", "a", "t1", "t2", "x_*");
        Assert.Contains("the pattern x_* in deniedTools matches it", await DoneAsync("server", "allow-tool", "a", "t1", "x_1"), StringComparison.Ordinal);

        var (_, text, _) = await _folder.RunAsync("server", "denied-tools", "a", "--json");

        using var json = JsonDocument.Parse(text);
        Assert.Equal(["t2", "x_*"], json.RootElement.GetProperty("deniedTools").EnumerateArray().Select(t => t.GetProperty("tool").GetString()));
        Assert.Equal(_folder.At("servers/a.json"), json.RootElement.GetProperty("deniedTools")[0].GetProperty("file").GetString());
        Assert.Equal(ExitCodes.Usage, (await _folder.RunAsync("server", "denied-tools", "b")).Code);
    }

    [Fact]
    public async Task Namespace_WholeLife_IsShownByList()
    {
        await DoneAsync("add", "a", "--", "x");
        Assert.Contains("mimir namespace assign work SERVER", await DoneAsync("namespace", "add", "work", "-d", "Every day"), StringComparison.Ordinal);
        await DoneAsync("ns", "add", "home");
        await DoneAsync("ns", "assign", "work", "a");
        await DoneAsync("ns", "default", "work");
        await DoneAsync("ns", "set-deny-default", "work", "true");
        await DoneAsync("ns", "rename", "home", "house");

        var (_, text, _) = await _folder.RunAsync("ns", "list", "--json");
        using (var json = JsonDocument.Parse(text))
        {
            var spaces = json.RootElement.GetProperty("namespaces");
            Assert.Equal(["house", "work"], spaces.EnumerateArray().Select(n => n.GetProperty("name").GetString()));
            Assert.True(spaces[1].GetProperty("default").GetBoolean());
            Assert.True(spaces[1].GetProperty("denyByDefault").GetBoolean());
            Assert.Equal("Every day", spaces[1].GetProperty("description").GetString());
            Assert.Equal(_folder.At("namespaces/work.json"), spaces[1].GetProperty("file").GetString());
        }

        await DoneAsync("ns", "unassign", "work", "a");
        await DoneAsync("ns", "remove", "-y", "work");
        Assert.Equal(["namespaces/house.json", "servers/a.json"], _folder.Files);
        Assert.Equal(ExitCodes.Configuration, (await _folder.RunAsync("ns", "assign", "house", "nobody")).Code);
        Assert.Equal(ExitCodes.Usage, (await _folder.RunAsync("ns", "assign", "hous", "a")).Code);
    }

    [Fact]
    public async Task Permission_WholeLife_IsShownByList()
    {
        await DoneAsync("add", "a", "--", "x");
        await DoneAsync("server", "deny-tool", "a", "never");
        await DoneAsync("ns", "add", "n");
        Assert.Equal(ExitCodes.Usage, (await _folder.RunAsync("permission", "set", "n", "a", "t", "allow")).Code);
        await DoneAsync("ns", "assign", "n", "a");
        await DoneAsync("permission", "set", "n", "a", "t", "allow");
        await DoneAsync("permission", "set", "n", "a", "u", "deny");
        Assert.Contains("a itself denies never everywhere", await DoneAsync("permission", "set", "n", "a", "never", "allow"), StringComparison.Ordinal);
        await DoneAsync("permission", "unset", "n", "a", "never");
        await DoneAsync("permission", "set-server-default", "n", "a", "deny");

        var (_, text, _) = await _folder.RunAsync("permission", "list", "n", "--json");
        using (var json = JsonDocument.Parse(text))
        {
            var server = json.RootElement.GetProperty("servers")[0];
            Assert.Equal("deny", server.GetProperty("default").GetString());
            Assert.Equal("""{"allowed":["t"],"denied":["u"]}""", Compact(server.GetProperty("tools")));
            Assert.Equal("""["never"]""", Compact(server.GetProperty("deniedTools")));
        }

        await DoneAsync("permission", "unset-server-default", "n", "a");
        Assert.Contains("allowed", (await _folder.RunAsync("permission", "list", "n")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await _folder.RunAsync("permission", "set", "n", "a", "t", "perhaps")).Code);
        Assert.Equal(ExitCodes.Usage, (await _folder.RunAsync("permission", "list", "m")).Code);
    }

    private async Task<string> DoneAsync(params string[] line)
    {
        var (code, text, talk) = await _folder.RunAsync(line);
        Assert.True(code == ExitCodes.Success, talk);
        Assert.Equal("", text);
        return talk;
    }

    private static string Compact(JsonElement value) => System.Text.Json.Nodes.JsonNode.Parse(value.GetRawText())!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
