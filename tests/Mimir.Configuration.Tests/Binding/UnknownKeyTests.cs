using Mimir.Configuration.Keys;
using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Binding;

public sealed class UnknownKeyTests
{
    public static TheoryData<string, string> Others
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var table in RouterKeys.All)
            {
                foreach (var spec in table.Keys.Where(spec => spec.Use != KeyUse.Read))
                {
                    data.Add(table.Owner, spec.Name);
                }
            }

            return data;
        }
    }

    [Theory]
    [InlineData("""{ "mcpServer": {} }""", "mcpServer", "Did you mean mcpServers?")]
    [InlineData("""{ "naming": { "seperator": "_" } }""", "naming.seperator", "Did you mean separator?")]
    [InlineData("""{ "limits": { "maxmessagebytes": 1 } }""", "limits.maxmessagebytes", "Did you mean maxMessageBytes?")]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "Args": [] } } }""", "mcpServers.a.Args", "Did you mean args?")]
    [InlineData("""{ "mcpServers": { "a": { "url": "http://h/", "header": {} } } }""", "mcpServers.a.header", "Did you mean headers?")]
    [InlineData("""{ "callTimeout": 3 }""", "callTimeout", "It belongs to mcpServers.NAME (a server)")]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "separator": "_" } } }""", "mcpServers.a.separator", "It belongs to naming")]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "parkTimeout": "1m" } } }""", "mcpServers.a.parkTimeout", "It belongs to limits: move it there")]
    [InlineData("""{ "naming": { "zzz": "_" } }""", "naming.zzz", "Remove it, or write one of separator, prefix")]
    public void Load_UnknownKey_NamesTheNearest(string json, string key, string remedy) =>
        Expect.Error(Workspace.LoadText(json), key, "is not a key of", remedy);

    [Fact]
    public void Load_UnknownKeyInAnOddName_IsSafeToPrint()
    {
        var result = Workspace.LoadText("{ \"mcpServers\": { \"a.b\": { \"command\": \"x\", \"k\\u001b[31m\\\"\\u202e\": 1 } } }");

        var text = Expect.Error(result, "mcpServers[\"a.b\"][\"k\\u001b[31m\\\"\\u202e\"]", "is not a key of a server").ToString();
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void Load_EndlessKey_IsCut()
    {
        var issue = Expect.Error(Workspace.LoadText($$"""{ "{{new string('k', 100_000)}}": 1 }"""), $"[\"{new string('k', 64)}...\"]", "is not a key");

        Assert.True(issue.ToString().Length < 500);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Load_KeyOfAnotherProgram_IsIgnoredWithAWarningOrRefused(string owner, string name)
    {
        var table = RouterKeys.All.Single(table => table.Owner == owner);
        var spec = table.Find(name)!;
        var result = table == ServerKeys.Table
            ? Workspace.LoadServer($"\"command\": \"x\", \"{name}\": {{ \"any\": [1] }}")
            : Workspace.LoadText($"{{ \"{name}\": {{ \"any\": [1] }} }}");

        var key = table == ServerKeys.Table ? $"mcpServers.a.{name}" : name;
        _ = spec.Use == KeyUse.Ignored
            ? Expect.Warning(result, key, "has no effect", spec.Instead)
            : Expect.Error(result, key, "is not taken", spec.Instead);
    }

    [Theory]
    [InlineData("\"url\": \"http://h/\", \"serverUrl\": \"http://h/\"", "serverUrl", "url on line 1")]
    [InlineData("\"httpUrl\": \"http://h/\", \"serverUrl\": \"http://h/\"", "serverUrl", "httpUrl on line 1")]
    [InlineData("\"command\": \"x\", \"type\": \"stdio\", \"transport\": \"stdio\"", "transport", "type on line 1")]
    [InlineData("\"command\": \"x\", \"enabled\": true, \"isActive\": true", "isActive", "enabled on line 1")]
    public void Load_TwoSpellingsOfOneKey_IsAnError(string body, string key, string message) =>
        Expect.Error(Workspace.LoadServer(body), $"mcpServers.a.{key}", message, "Remove one");

    [Fact]
    public void Load_BothNamesOfTheServers_IsAnError() =>
        Expect.Error(Workspace.LoadText("""{ "mcpServers": {}, "servers": {} }"""), "servers", "says the same as mcpServers");
}
