using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Validation;

/// <summary>What tools that set things up may do.</summary>
public sealed class ManagementPolicyTests
{
    [Theory]
    [InlineData("{}", "router_add_host", true, ToolVerdict.Deny)]
    [InlineData("{}", "router_status", false, ToolVerdict.Allow)]
    [InlineData("""{ "changes": true }""", "router_add_host", true, ToolVerdict.Allow)]
    [InlineData("""{ "changes": true, "policy": { "router_add_*": "confirm" } }""", "router_add_host", true, ToolVerdict.Confirm)]
    [InlineData("""{ "changes": true, "policy": { "router_add_host": "allow", "router_add_*": "deny" } }""", "router_add_host", true, ToolVerdict.Allow)]
    [InlineData("""{ "changes": true, "policy": { "router_add_*": "deny", "router_add_host": "allow" } }""", "router_add_host", true, ToolVerdict.Deny)]
    [InlineData("""{ "policy": { "*": "allow" } }""", "router_add_host", true, ToolVerdict.Deny)]
    [InlineData("""{ "policy": { "router_status": "deny" } }""", "router_status", false, ToolVerdict.Deny)]
    public void Policy_AsWritten_Decides(string management, string tool, bool changes, ToolVerdict verdict) =>
        Assert.Equal(verdict, Expect.Clean(Workspace.LoadText($$"""{ "management": {{management}} }""")).Management.Decide(tool, changes));

    [Theory]
    [InlineData("""{ "policy": { "router_*": "alow" } }""", "management.policy[\"router_*\"]", "allow")]
    [InlineData("""{ "policy": { "": "deny" } }""", "management.policy[\"\"]", "characters")]
    [InlineData("""{ "policy": [] }""", "management.policy", "policy")]
    [InlineData("""{ "families": ["mcpm"] }""", "management.families[0]", "mcpmu")]
    [InlineData("""{ "changes": "yes" }""", "management.changes", "true")]
    [InlineData("""{ "chnges": true }""", "management.chnges", "changes")]
    public void Policy_WrittenWrong_IsAnErrorThatSaysWhatIsMeant(string management, string key, string remedy) =>
        Assert.Contains(remedy, Expect.Error(Workspace.LoadText($$"""{ "management": {{management}} }"""), key, "").Remedy, StringComparison.Ordinal);

    [Theory]
    [InlineData("router")]
    [InlineData("setup")]
    [InlineData("mcpmu")]
    [InlineData("mcp")]
    public void Prefix_OfTheToolsThatSetUp_IsNobodyElses(string prefix)
    {
        Expect.Error(
            Workspace.LoadText($$"""{ "mcpServers": { "a": { "command": "x", "prefix": "{{prefix}}" } }, "management": { "tools": true } }"""),
            "mcpServers.a.prefix",
            "the prefix is that of Mimir's own tools",
            "Write another prefix");
        var made = Expect.Server(Workspace.LoadText($$"""{ "mcpServers": { "{{prefix}}!": { "command": "x" } }, "management": { "tools": true } }"""));
        Assert.NotEqual(prefix, made.Prefix);
    }

    [Theory]
    [InlineData("changes", "true", "false")]
    [InlineData("policy", """{ "a": "deny" }""", """{ "a": "confirm" }""")]
    [InlineData("families", """["mcpmu"]""", """["mcp.router"]""")]
    [InlineData("tools", "true", "false")]
    public void Key_Changed_ChangesTheModel(string key, string before, string after)
    {
        ManagementModel Load(string value) => Expect.Clean(Workspace.LoadText($$"""{ "management": { "{{key}}": {{value}} } }""")).Management;

        Assert.Equal(Load(before), Load(before));
        Assert.NotEqual(Load(before), Load(after));
    }
}
