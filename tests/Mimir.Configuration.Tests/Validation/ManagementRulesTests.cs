using Mimir.Configuration.Compilation;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tests.Support;
using Mimir.Configuration.Validation;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Validation;

/// <summary>Mimir's own tools: when there are any, and what then is theirs.</summary>
public sealed class ManagementRulesTests
{
    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{ "management": {} }""", false)]
    [InlineData("""{ "management": { "tools": false } }""", false)]
    [InlineData("""{ "management": { "tools": true } }""", true)]
    public void Tools_AsWritten_AreWantedWithTheirPrefix(string json, bool wanted) =>
        Assert.Equal(new ManagementModel(wanted) { HasSetup = wanted }, Expect.Clean(Workspace.LoadText(json)).Management);

    [Theory]
    [InlineData("""{ "management": { "tool": true } }""", "management.tool", "tools")]
    [InlineData("""{ "management": { "tools": "yes" } }""", "management.tools", "true")]
    public void Management_WrittenWrong_IsAnError(string json, string key, string remedy) =>
        Assert.Contains(remedy, Expect.Error(Workspace.LoadText(json), key, "").Remedy, StringComparison.Ordinal);

    [Fact]
    public void ServerName_OfTheTools_IsAnErrorWhileTheyAreWanted()
    {
        const string server = """ "mcpServers": { "mimir": { "command": "x" } } """;

        Expect.Error(Workspace.LoadText($$"""{ {{server}}, "management": { "tools": true } }"""), "mcpServers.mimir", "the name is that of Mimir's own tools", "Write another name");
        Assert.Equal("mimir", Expect.Server(Workspace.LoadText($$"""{ {{server}} }""")).Prefix);
    }

    [Fact]
    public void Prefix_OfTheTools_IsAnErrorWhileTheyAreWanted() => Expect.Error(
        Workspace.LoadText("""{ "mcpServers": { "a": { "command": "x", "prefix": "mimir" } }, "management": { "tools": true } }"""),
        "mcpServers.a.prefix",
        "the prefix is that of Mimir's own tools",
        "Write another prefix");

    [Fact]
    public void Prefix_MadeOfAName_IsNeverThatOfTheTools()
    {
        var server = Expect.Server(Workspace.LoadText("""{ "mcpServers": { "mimir!": { "command": "x" } }, "management": { "tools": true } }"""));

        Assert.StartsWith("mimir_", server.Prefix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{ "management": { "inventory": false, "tools": true } }""", false)]
    [InlineData("""{ "management": { "inventory": true } }""", true)]
    public void Inventory_AsWritten_IsWanted(string json, bool wanted) =>
        Assert.Equal(wanted, Expect.Clean(Workspace.LoadText(json)).Management.HasInventory);

    [Fact]
    public void ServerNameAndPrefix_OfTheInventory_AreErrorsWhileItIsWanted()
    {
        const string named = """ "mcpServers": { "inventory": { "command": "x" } } """;

        Expect.Error(Workspace.LoadText($$"""{ {{named}}, "management": { "inventory": true } }"""), "mcpServers.inventory", "the name is that of the inventory", "Write another name");
        Assert.Equal("inventory", Expect.Server(Workspace.LoadText($$"""{ {{named}} }""")).Prefix);
        Expect.Error(
            Workspace.LoadText("""{ "mcpServers": { "a": { "command": "x", "prefix": "inventory" } }, "management": { "inventory": true } }"""),
            "mcpServers.a.prefix",
            "the prefix is that of the inventory",
            "Write another prefix");
        Assert.StartsWith("inventory_", Expect.Server(Workspace.LoadText("""{ "mcpServers": { "inventory!": { "command": "x" } }, "management": { "inventory": true } }""")).Prefix, StringComparison.Ordinal);
    }

    [Fact]
    public void Tools_Promised_AreThereByBareNamesAndNeedNoPrefix()
    {
        var config = new RouterConfig { Management = new ManagementConfig { IsPromised = true } };
        var issues = new IssueList();

        ConfigValidators.Check(config, issues);

        Assert.False(issues.HasErrors);
        Assert.Equal(new ManagementModel(HasTools: true, BareNames: true), RouterCompiler.Compile(config, "/").Management);
    }
}
