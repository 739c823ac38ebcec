using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Validation;

/// <summary>Separators and chosen prefixes.</summary>
public sealed class NamingRulesTests
{
    [Theory]
    [InlineData("_")]
    [InlineData("__")]
    [InlineData("___")]
    [InlineData("x")]
    public void Separator_EveryClientTakes_IsTaken(string separator) =>
        Assert.Equal(separator, Expect.Clean(Workspace.LoadText($$"""{ "naming": { "separator": "{{separator}}" } }""")).Naming.Separator);

    [Theory]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("_-")]
    public void Separator_SomeClientsRefuse_Warns(string separator) => Expect.Warning(
        Workspace.LoadText($$"""{ "naming": { "separator": "{{separator}}" } }"""), "naming.separator", "some clients take only letters, digits and underscores");

    [Theory]
    [InlineData("/", "\"/\" is no separator")]
    [InlineData(" ", "is no separator")]
    [InlineData("ä", "is no separator")]
    [InlineData("", "is empty")]
    [InlineData("____", "has 4 characters")]
    public void Separator_NotAllowed_IsAnError(string separator, string message) =>
        Expect.Error(Workspace.LoadText($$"""{ "naming": { "separator": "{{separator}}" } }"""), "naming.separator", message, "1 to 3");

    [Theory]
    [InlineData("a")]
    [InlineData("A_9")]
    [InlineData("mcp_x")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345")]
    public void Prefix_Allowed_IsKept(string prefix) =>
        Assert.Equal(prefix, Expect.Server(Workspace.LoadServer($"\"command\": \"x\", \"prefix\": \"{prefix}\"")).Prefix);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456", "has 33 characters")]
    [InlineData("_a", "\"_a\" is no prefix")]
    [InlineData("9a", "is no prefix")]
    [InlineData("a-b", "is no prefix")]
    [InlineData("a.b", "is no prefix")]
    [InlineData("ä", "is no prefix")]
    [InlineData("a b", "is no prefix")]
    [InlineData("mcp__x", "begin with mcp__")]
    [InlineData("MCP__x", "begin with mcp__")]
    [InlineData("mcp_", "begin with mcp__")]
    public void Prefix_NotAllowed_IsAnError(string prefix, string message) =>
        Expect.Error(Workspace.LoadServer($"\"command\": \"x\", \"prefix\": \"{prefix}\""), "mcpServers.a.prefix", message);

    [Fact]
    public void Prefix_ReservedTogetherWithTheSeparator_IsAnError() => Expect.Error(
        Workspace.LoadText("""{ "mcpServers": { "a": { "command": "x", "prefix": "mcp" } }, "naming": { "separator": "__" } }"""),
        "mcpServers.a.prefix",
        "begin with mcp__");

    [Fact]
    public void Prefix_Twice_NamesTheOther()
    {
        using var w = new Workspace();
        w.Write("mimir.json", """
            { "mcpServers": {
              "a": { "command": "x", "prefix": "p" },
              "b": { "command": "x", "prefix": "p" } } }
            """);

        var issue = Expect.Error(w.Load(), "mcpServers.b.prefix", $"is the prefix of mcpServers.a as well, at {w.Main}:2:36");
        Assert.Equal(3, issue.Line);
    }
}
