using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model.Permissions;

namespace Mimir.Configuration.Tests.Validation;

/// <summary>Namespaces and what is allowed and denied: as written, and what is wrong with it.</summary>
public sealed class PermissionRulesTests
{
    private const string Servers = """ "mcpServers": { "a": { "command": "x" }, "b": { "command": "y", "enabled": false } } """;

    [Theory]
    [InlineData("allowedTools", "tools")]
    [InlineData("allowedTools", "includeTools")]
    [InlineData("allowedTools", "enabled_tools")]
    [InlineData("deniedTools", "excludeTools")]
    [InlineData("deniedTools", "disabledTools")]
    [InlineData("deniedTools", "disabled_tools")]
    public void Server_KeysOfOtherClients_MeanTheSame(string key, string alias) =>
        Assert.Equal(Load($"\"{key}\": [\"a\"]"), Load($"\"{alias}\": [\"a\"]"));

    [Fact]
    public void Server_Permissions_LeaveTheServerTheSame()
    {
        Assert.Equal(Expect.Server(Workspace.LoadServer("\"command\": \"x\"")), Expect.Server(Workspace.LoadServer("\"command\": \"x\", \"deniedTools\": [\"a\"]")));
        Assert.Equal(PermissionsModel.None, Load("\"autostart\": true"));
        Assert.True(Load("\"deniedTools\": [\"a\"]").Servers["a"].Tools is { Allowed.IsDefault: true, Denied: ["a"] });
        Assert.True(Load("\"allowedTools\": []").Servers["a"].Tools is { Allowed: [], Denied: [] });
    }

    [Fact]
    public void Namespace_AsWritten_IsTheModel()
    {
        var model = Expect.Clean(Workspace.LoadText($$"""
            { {{Servers}}, "defaultNamespace": "n", "namespaces": {
              "n": { "description": "d", "servers": ["a", "b"], "denyByDefault": true,
                     "permissions": { "a": { "default": "allow", "deniedTools": ["t"], "allowedPrompts": ["p"], "deniedResources": ["r:*"] } } },
              "m": { "serverIds": [] } } }
            """)).Permissions;

        Assert.Equal("n", model.Chosen!.Name);
        Assert.Equal(["n", "m"], model.Namespaces.Select(n => n.Name));
        var n = model.Namespaces[0];
        Assert.True(n is { Description: "d", DeniesByDefault: true, Servers: ["a", "b"] });
        var (permissions, isAllowed) = Assert.Single(n.Grants).Value;
        Assert.True(isAllowed);
        Assert.Equal(new ServerPermissions(new OfferRules { Denied = ["t"] }, new OfferRules { Allowed = ["p"] }, new OfferRules { Denied = ["r:*"] }), permissions);
        Assert.True(model.Namespaces[1] is { Description: "", DeniesByDefault: false, Servers: [], Grants.Count: 0 });
    }

    [Fact]
    public void Overrides_AsWritten_AreTheModel()
    {
        var space = Space("""
            "mode": "meta", "overrides": [{ "server": "a", "tool": "t", "name": "u", "description": "",
              "arguments": { "z": [1.50, {"k": null}], "b": "${WORD}!", "c": true, "\u00e9": "\u0001" } }]
            """);

        Assert.True(space.IsMeta);
        var shown = Assert.Single(space.Overrides);
        Assert.True(shown is { Owner: "a", Tool: "t", Name: "u", Description: "" });
        Assert.Equal(["b=\"word!\"", "c=true", "z=[1.50,{\"k\":null}]", "\u00e9=\"\\u0001\""], shown.Arguments.Select(a => $"{a.Key}={a.Value}"));
        Assert.DoesNotContain("word", shown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"mode\": \"list\"", "\"mode\": \"meta\"")]
    [InlineData("\"overrides\": []", "\"overrides\": [{ \"server\": \"a\", \"tool\": \"t\", \"name\": \"u\" }]")]
    [InlineData("\"overrides\": [{ \"server\": \"a\", \"tool\": \"t\", \"name\": \"u\" }]", "\"overrides\": [{ \"server\": \"a\", \"tool\": \"t\", \"name\": \"v\" }]")]
    [InlineData("\"overrides\": [{ \"server\": \"a\", \"tool\": \"t\", \"name\": \"u\" }]", "\"overrides\": [{ \"server\": \"a\", \"tool\": \"s\", \"name\": \"u\" }]")]
    [InlineData("\"overrides\": [{ \"server\": \"a\", \"tool\": \"t\", \"arguments\": { \"x\": 1 } }]", "\"overrides\": [{ \"server\": \"a\", \"tool\": \"t\", \"arguments\": { \"x\": 2 } }]")]
    [InlineData("\"overrides\": [{ \"server\": \"a\", \"tool\": \"t\", \"description\": \"x\" }]", "\"overrides\": [{ \"server\": \"a\", \"tool\": \"t\", \"description\": \"y\" }]")]
    public void Namespace_ShownOtherwise_IsAnotherModel(string before, string after)
    {
        Assert.Equal(Space(before), Space(before));
        Assert.NotEqual(Space(before), Space(after));
    }

    [Theory]
    [InlineData("""{ "tool": "t", "name": "u" }""", "overrides[0]", "names no server")]
    [InlineData("""{ "server": "a", "name": "u" }""", "overrides[0]", "names no tool")]
    [InlineData("""{ "server": "a", "tool": "t" }""", "overrides[0]", "changes nothing")]
    [InlineData("""{ "server": "b", "tool": "t", "name": "u" }""", "overrides[0].server", "is no server of this namespace")]
    [InlineData("""{ "server": "a", "tool": "t", "name": "u-v" }""", "overrides[0].name", "is no name that every client takes")]
    [InlineData("""{ "server": "a", "tool": "t", "name": "1u" }""", "overrides[0].name", "is no name that every client takes")]
    [InlineData("""{ "server": "a", "tool": "t", "name": "u" }, { "server": "a", "tool": "t", "description": "d" }""", "overrides[1].tool", "is shown otherwise twice")]
    [InlineData("""{ "server": "a", "tool": "t", "name": "u" }, { "server": "a", "tool": "s", "name": "u" }""", "overrides[1].name", "is given to two tools")]
    [InlineData("""{ "server": "a", "tool": "t", "arguments": [] }""", "overrides[0].arguments", "must be an object")]
    [InlineData("""{ "server": "a", "tool": "t", "nam": "u" }""", "overrides[0].nam", "is not a key of an entry of overrides")]
    public void Overrides_ThatAreWrong_AreErrorsAtTheirPlace(string entries, string key, string message)
    {
        var result = Workspace.LoadText($$"""{ {{Servers}}, "namespaces": { "n": { "servers": ["a"], "overrides": [{{entries}}] } } }""");

        Assert.Contains(result.Issues, i => i.Key == "namespaces.n." + key && i.Message.Contains(message, StringComparison.Ordinal));
        Assert.Null(result.Model);
    }

    private static NamespaceModel Space(string body) => Assert.Single(Expect.Clean(Workspace.LoadText(
        $$"""{ {{Servers}}, "namespaces": { "n": { "servers": ["a"], {{body}} } } }""", ("WORD", "word"))).Permissions.Namespaces);

    [Theory]
    [InlineData("""{ "n": { "servers": ["a"] } }""", "n")]
    [InlineData("""{ "n": { "servers": ["a"] }, "m": { "servers": ["a"] } }""", null)]
    [InlineData("{}", null)]
    public void Chosen_WithoutDefault_IsTheOnlyOne(string namespaces, string? chosen) =>
        Assert.Equal(chosen, Expect.Clean(Workspace.LoadText($$"""{ {{Servers}}, "namespaces": {{namespaces}} }""")).Permissions.Chosen?.Name);

    [Theory]
    [InlineData("""{ "n": {} }""", "namespaces.n", "names no servers", "\"servers\"")]
    [InlineData("""{ "n": { "servers": ["aa"] } }""", "namespaces.n.servers[0]", "names no configured server", "Write one of a, b")]
    [InlineData("""{ "n": { "servers": ["mimir"] } }""", "namespaces.n.servers[0]", "names no configured server", "a, b")]
    [InlineData("""{ "n": { "servers": ["a", "a"] } }""", "namespaces.n.servers[1]", "is named twice", "Remove")]
    [InlineData("""{ "a": { "servers": ["a"] } }""", "namespaces.a", "is the name of a server as well", "another name")]
    [InlineData("""{ "n/m": { "servers": ["a"] } }""", "namespaces[\"n/m\"]", "slash", "Remove it")]
    [InlineData("""{ "n": { "servers": ["a"], "permissions": { "b": {} } } }""", "namespaces.n.permissions.b", "is no server of this namespace", "Write one of a")]
    [InlineData("""{ "n": { "servers": [], "permissions": { "b": {} } } }""", "namespaces.n.permissions.b", "is no server of this namespace", "There is none")]
    [InlineData("""{ "n": { "servers": ["a"], "permissions": { "a": { "alowedTools": [] } } } }""", "namespaces.n.permissions.a.alowedTools", "is not a key of an entry of permissions", "allowedTools")]
    [InlineData("""{ "n": { "servers": ["a"], "permissions": { "a": { "allowedTools": [""] } } } }""", "namespaces.n.permissions.a.allowedTools[0]", "is empty", "1 to 256")]
    [InlineData("""{ "n": { "servers": ["a"], "permissions": { "a": { "default": "maybe" } } } }""", "namespaces.n.permissions.a.default", "is not one of allow, deny", "")]
    [InlineData("""[]""", "namespaces", "must be an object", "namespaces")]
    public void Namespace_WrittenWrong_IsAnErrorThatNamesTheRemedy(string namespaces, string key, string message, string remedy) =>
        Expect.Error(Workspace.LoadText($$"""{ {{Servers}}, "namespaces": {{namespaces}} }"""), key, message, remedy);

    [Fact]
    public void DefaultNamespace_ThatIsNone_NamesTheNearest() => Expect.Error(
        Workspace.LoadText($$"""{ {{Servers}}, "namespaces": { "work": { "servers": [] } }, "defaultNamespace": "wrok" }"""), "defaultNamespace", "names no namespace", "Did you mean work?");

    [Fact]
    public void Namespace_WithMimirsOwnTools_NamesThem() => Assert.Equal(
        ["mimir"],
        Expect.Clean(Workspace.LoadText("""{ "management": { "tools": true }, "namespaces": { "n": { "servers": ["mimir"] } } }""")).Permissions.Namespaces[0].Servers);

    [Fact]
    public void Namespace_WithTheInventory_NamesItWhereItIsWanted()
    {
        const string spaces = """ "namespaces": { "n": { "servers": ["inventory"] } } """;

        Assert.Equal(["inventory"], Expect.Clean(Workspace.LoadText($$"""{ "management": { "inventory": true }, {{spaces}} }""")).Permissions.Namespaces[0].Servers);
        Expect.Error(Workspace.LoadText($$"""{ {{spaces}} }"""), "namespaces.n.servers[0]", "names no configured server", "");
    }

    private static PermissionsModel Load(string body) => Expect.Clean(Workspace.LoadServer("\"command\": \"x\", " + body)).Permissions;
}
