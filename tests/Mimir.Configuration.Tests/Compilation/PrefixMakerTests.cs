using Mimir.Configuration.Compilation;
using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Compilation;

public sealed class PrefixMakerTests
{
    [Theory]
    [InlineData("files", "files")]
    [InlineData("My Server", "My_Server")]
    [InlineData("a--b..c", "a_b_c")]
    [InlineData("-a-", "a")]
    [InlineData("_a", "a")]
    [InlineData("3d", "s3d")]
    [InlineData("größe", "gr_e")]
    [InlineData("@scope.name", "scope_name")]
    [InlineData("mcp__x", "mcp_x")]
    [InlineData("abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwx")]
    [InlineData("abcdefghijklmnopqrstuvwxy", "abcdefghijklmnopq_69b980")]
    [InlineData("日本", "s_cf2abf")]
    public void Derive_Name_IsStable(string name, string expected) => Assert.Equal(expected, PrefixMaker.Derive(name, "_"));

    [Theory]
    [InlineData("mcp", "__", "smcp")]
    [InlineData("MCP", "__", "sMCP")]
    [InlineData("mcp", "_", "mcp")]
    [InlineData("mcp2", "__", "mcp2")]
    public void Derive_ReservedWithSeparator_IsAvoided(string name, string separator, string expected) =>
        Assert.Equal(expected, PrefixMaker.Derive(name, separator));

    [Fact]
    public void Derive_AnyName_FitsEveryClient()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var name = string.Create(random.Next(1, 65), random, static (span, r) =>
            {
                foreach (ref var c in span)
                {
                    c = "aZ09_-. é日"[r.Next(10)];
                }
            });

            Assert.Matches("^[A-Za-z][A-Za-z0-9_]{0,23}$", PrefixMaker.Derive(name, "_"));
        }
    }

    [Fact]
    public void Load_SameDerivedPrefix_OnlyTheLaterGetsADigest()
    {
        var model = Expect.Clean(Workspace.LoadText("""{ "mcpServers": { "a-b": { "command": "x" }, "a.b": { "command": "x" }, "a b": { "command": "x" } } }"""));

        Assert.Equal("a_b", model.Servers[0].Prefix);
        Assert.Matches("^a_b_[0-9a-f]{6}$", model.Servers[1].Prefix);
        Assert.Matches("^a_b_[0-9a-f]{6}$", model.Servers[2].Prefix);
        Assert.Equal(3, model.Servers.Select(s => s.Prefix).Distinct().Count());
    }

    [Fact]
    public void Load_ChosenPrefix_BeatsAnEarlierDerivedOne()
    {
        var model = Expect.Clean(Workspace.LoadText("""{ "mcpServers": { "p": { "command": "x" }, "q": { "command": "x", "prefix": "p" } } }"""));

        Assert.Matches("^p_[0-9a-f]{6}$", model.Servers[0].Prefix);
        Assert.Equal("p", model.Servers[1].Prefix);
    }

    [Fact]
    public void Load_DigestTakenToo_FindsAnother()
    {
        var first = Expect.Clean(Workspace.LoadText("""{ "mcpServers": { "a-b": { "command": "x" }, "a.b": { "command": "x" } } }""")).Servers[1].Prefix;

        var model = Expect.Clean(Workspace.LoadText(
            $$"""{ "mcpServers": { "a-b": { "command": "x" }, "a.b": { "command": "x" }, "c": { "command": "x", "prefix": "{{first}}" } } }"""));

        Assert.Matches("^a_b_[0-9a-f]{6}$", model.Servers[1].Prefix);
        Assert.NotEqual(first, model.Servers[1].Prefix);
    }

    [Fact]
    public void Load_ServerSwitchedOff_RenamesNoOther()
    {
        const string Text = """{ "mcpServers": { "a-b": { "command": "x", "enabled": ON }, "a.b": { "command": "x" } } }""";

        var on = Expect.Clean(Workspace.LoadText(Text.Replace("ON", "true", StringComparison.Ordinal)));
        var off = Expect.Clean(Workspace.LoadText(Text.Replace("ON", "false", StringComparison.Ordinal)));

        Assert.Equal(on.Servers[1], Assert.Single(off.Servers));
    }
}
