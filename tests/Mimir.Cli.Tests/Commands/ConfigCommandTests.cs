using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

public sealed class ConfigCommandTests
{
    private const string Secret = "s3cr3t-V4lue";

    [Fact]
    public async Task Check_ErrorsAndWarnings_AreAllShownWithPlaceAndRemedy()
    {
        using var folder = new Folder(
            ("mimir.json", "{\n  \"$schema\": \"x\",\n  \"mcpServers\": {\n    \"a\": { \"comand\": \"x\" },\n    \"b\": { \"command\": \"x\", \"icon\": \"y\" }\n  }\n}"),
            ("servers/c.json", "{ \"command\": \"${MISSING}\" }"));

        var (code, text, talk) = await folder.RunAsync("config", "check");

        Assert.Equal(ExitCodes.Configuration, code);
        Assert.Contains($"{folder.At("mimir.json")}:4:12: error: mcpServers.a.comand: is not a key of a server. Did you mean command?", text, StringComparison.Ordinal);
        Assert.Contains($"{folder.At("mimir.json")}:5:28: warning: mcpServers.b.icon: has no effect here", text, StringComparison.Ordinal);
        Assert.Contains($"{folder.At("servers/c.json")}:1:14: error:", text, StringComparison.Ordinal);
        Assert.Contains("2 files were read: 3 errors, 1 warning.", talk, StringComparison.Ordinal);
        Assert.Null(folder.Host.Started);
    }

    [Fact]
    public async Task Check_AnAuditPathThatNoSystemTakes_IsAnErrorWithItsPlace()
    {
        using var folder = new Folder(("mimir.json", "{\n  \"audit\": { \"path\": \"a\\u0000b\" }\n}"));

        var (code, text, _) = await folder.RunAsync("config", "check");

        Assert.Equal(ExitCodes.Configuration, code);
        Assert.Contains($"{folder.At("mimir.json")}:2:22: error: audit.path: holds the character NUL", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Json_HoldsEveryIssue()
    {
        using var folder = new Folder(("mimir.json", "{ \"mcpServers\": { \"a\": { \"command\": \"x\", \"icon\": \"y\" } } }"));

        var (code, text, _) = await folder.RunAsync("config", "check", "--json");

        using var json = JsonDocument.Parse(text);
        Assert.Equal(ExitCodes.Success, code);
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(1, json.RootElement.GetProperty("warnings").GetInt32());
        Assert.Equal("mcpServers.a.icon", json.RootElement.GetProperty("issues")[0].GetProperty("key").GetString());
        Assert.Equal(folder.At("mimir.json"), json.RootElement.GetProperty("files")[0].GetString());
    }

    [Fact]
    public async Task Show_Sources_NameFileLineVariableAndDefault()
    {
        using var folder = new Folder(
            ("mimir.json", "{\n  \"mcpServers\": {\n    \"a\": { \"command\": \"npx\", \"eager\": true }\n  }\n}"),
            ("servers/b.json", "{ \"url\": \"https://example.com/mcp\",\n  \"headers\": { \"X\": \"Bearer ${TOKEN_OF_B}\" } }"));
        folder.Host.Environment["TOKEN_OF_B"] = Secret;

        var (code, text, talk) = await folder.RunAsync("config", "show", "--sources");

        Assert.True(code == ExitCodes.Success, talk);
        var rows = Rows(text);
        Assert.Equal($"{folder.At("mimir.json")}:3", rows["mcpServers.a.autostart"].Source);
        Assert.Equal("true", rows["mcpServers.a.autostart"].Value);
        Assert.Equal(("default", "\"30s\""), rows["mcpServers.b.startupTimeout"]);
        Assert.Equal(($"{folder.At("servers/b.json")}:2, variable TOKEN_OF_B", "\"Bearer ${TOKEN_OF_B}\""), rows["mcpServers.b.headers.X"]);
        Assert.Contains("limits.maxMessageBytes", rows.Keys);
        Assert.DoesNotContain(Secret, text + talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"command\": \"x\", \"env\": { \"A\": \"s3cr3t-V4lue\" }")]
    [InlineData("\"command\": \"x\", \"env\": { \"A\": \"${NOT_SET:-s3cr3t-V4lue}\" }")]
    [InlineData("\"command\": \"${SET}\"")]
    [InlineData("\"command\": \"x\", \"args\": [\"--token\", \"s3cr3t-V4lue\"]")]
    [InlineData("\"command\": \"x\", \"args\": [\"--api-key=s3cr3t-V4lue\"]")]
    [InlineData("\"command\": \"x\", \"args\": [\"-H\", \"Authorization: Bearer s3cr3t-V4lue\"]")]
    [InlineData("\"command\": \"x\", \"args\": [\"-e\", \"API_KEY=s3cr3t-V4lue\"]")]
    [InlineData("\"command\": \"x\", \"args\": [\"postgres://me:s3cr3t-V4lue@host/db\"]")]
    [InlineData("\"url\": \"https://h/mcp?k=s3cr3t-V4lue\"")]
    [InlineData("\"url\": \"https://h/mcp\", \"headers\": { \"X\": \"Bearer s3cr3t-V4lue\" }")]
    [InlineData("\"command\": \"x\", \"args\": [\"ghp_s3cr3t-V4lue\"]")]
    [InlineData("\"command\": \"x\", \"args\": [\"--pat\", \"s3cr3t-V4lue\"]")]
    [InlineData("\"command\": \"x\", \"args\": [\"-H\", \"X: s3cr3t-V4lue\"]")]
    [InlineData("\"command\": \"x\", \"args\": [\"--env=DB_PASS=s3cr3t-V4lue\"]")]
    public async Task ShowAndDiff_SecretAnywhere_IsNeverShown(string server)
    {
        using var folder = new Folder(("mimir.json", $$"""{ "mcpServers": { "a": { {{server}} } } }"""));
        using var other = new Folder(("mimir.json", """{ "mcpServers": { "a": { "command": "y", "env": { "A": "0ther-s3cr3t-V4lue" } } } }"""));
        folder.Host.Environment["SET"] = Secret;
        foreach (var line in (string[][])[["config", "show"], ["config", "show", "--json", "--sources"], ["config", "diff", other.Path], ["config", "diff", other.Path, "--json"], ["config", "check"]])
        {
            var (code, text, talk) = await folder.RunAsync(line);
            Assert.True(code is ExitCodes.Success or ExitCodes.Failure, talk);
            Assert.DoesNotContain(Secret, text + talk, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Show_Errors_AreToldAndNothingIsShown()
    {
        using var folder = new Folder(("mimir.json", "{ \"mcpServer\": {} }"));

        var (code, text, talk) = await folder.RunAsync("config", "show");

        Assert.Equal(ExitCodes.Configuration, code);
        Assert.Equal("", text);
        Assert.Contains("Did you mean mcpServers?", talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_ServersNamespacesAndKeys_AreToldApart()
    {
        using var folder = new Folder(("mimir.json", """
            { "mcpServers": { "a": { "command": "x", "startupTimeout": 30, "env": { "K": "one" } }, "gone": { "command": "x" } },
              "namespaces": { "n": { "servers": ["a"] } } }
            """));
        using var other = new Folder(("mimir.json", """
            { "mcpServers": { "a": { "command": "y", "startupTimeout": "30s", "env": { "K": "two" } }, "new": { "command": "x" } },
              "namespaces": { "n": { "servers": ["a", "new"] } }, "limits": { "maxBatch": 7 } }
            """));

        var (code, text, _) = await folder.RunAsync("config", "diff", other.Path);

        Assert.Equal(ExitCodes.Failure, code);
        Assert.Contains("~ server a\n    mcpServers.a.command: \"x\" -> \"y\"\n    mcpServers.a.env.K: \"***\" (what is not shown differs)\n", text, StringComparison.Ordinal);
        Assert.Contains("- server gone\n", text, StringComparison.Ordinal);
        Assert.Contains("+ server new\n    mcpServers.new.command: \"x\"\n", text, StringComparison.Ordinal);
        Assert.Contains("~ namespace n\n    namespaces.n.servers: [\"a\"] -> [\"a\", \"new\"]\n", text, StringComparison.Ordinal);
        Assert.Contains("~ limits.maxBatch: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("startupTimeout", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_SameOrMissing_EndsWithItsOwnCode()
    {
        using var folder = new Folder(("mimir.json", """{ "mcpServers": { "a": { "command": "x" } } }"""));
        using var other = new Folder(("mimir.json", """{ "servers": { "a": { "command": "x", "callTimeout": "5m" } } }"""));

        Assert.Equal(ExitCodes.Success, (await folder.RunAsync("config", "diff", other.Path)).Code);
        Assert.Equal(ExitCodes.Success, (await folder.RunAsync("config", "diff", other.At("mimir.json"))).Code);
        Assert.Equal(ExitCodes.Configuration, (await folder.RunAsync("config", "diff", other.At("nowhere"))).Code);
    }

    [Theory]
    [InlineData("mimir.schema.json")]
    [InlineData("mimir.schema.json", "mimir")]
    [InlineData("mimir.server.schema.json", "server")]
    [InlineData("mimir.namespace.schema.json", "namespace")]
    [InlineData("backends.schema.json", "backends")]
    public async Task Schema_Printed_IsThePublishedFile(string file, params string[] kind)
    {
        using var folder = new Folder();

        var (code, text, _) = await folder.RunAsync(["config", "schema", .. kind]);

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal(File.ReadAllText(Path.Combine(Repository, "schema", file)), text);
    }

    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Mimir.slnx")))
            {
                folder = folder.Parent!;
            }

            return folder.FullName;
        }
    }

    private static Dictionary<string, (string Source, string Value)> Rows(string table) => table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
        .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[0], cells => (cells[1], cells[2]));
}
