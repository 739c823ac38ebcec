using System.Text;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class ToolDefinitionTests
{
    private const string Before = "{\"type\":\"object\",\"properties\":{\"result\":";
    private const string Behind = "},\"required\":[\"result\"]}";

    [Theory]
    [InlineData("{\"type\":\"array\",\"items\":{\"type\":\"object\"}}")]
    [InlineData("{ }")]
    [InlineData("{\"properties\":{\"type\":{\"type\":\"object\"}}}")]
    [InlineData("{\"type\":[\"object\"]}")]
    [InlineData("{\"type\":\"object\",\"t\\u0079pe\":\"number\"}")]
    [InlineData("{\"minimum\":1e400,\"x\":\"\\u0041\"}")]
    [InlineData("true")]
    [InlineData("false")]
    public void Shape_OutputThatIsNoObject_IsWrappedForLegacyClients(string schema)
    {
        var tool = $"{{\"name\":\"t\", \"outputSchema\" : {schema} ,\"n\":1.0}}";
        var expected = $"{{\"name\":\"t\", \"outputSchema\" : {Before}{schema}{Behind} ,\"n\":1.0}}";

        AssertShaped(expected, true, tool, Revision.V2025_11_25);
        AssertShaped(expected, true, tool, Revision.V2025_06_18);
        AssertSame(tool, Revision.V2025_03_26, Revision.V2024_11_05, Revision.V2026_07_28);
    }

    [Theory]
    [InlineData("{\"name\":\"t\"}")]
    [InlineData("{\"outputSchema\":{\"type\":\"object\"}}")]
    [InlineData("{\"outputSchema\":{\"properties\":{},\"t\\u0079pe\":\"obj\\u0065ct\"}}")]
    [InlineData("{\"outputSchema\":{\"type\":\"number\",\"type\":\"object\"}}")]
    [InlineData("{\"outputSchema\":{\"type\":\"number\"},\"outputSchema\":{\"type\":\"object\"}}")]
    [InlineData("{\"outputSchema\":null}")]
    [InlineData("{\"outputSchema\":[{}]}")]
    [InlineData("{\"outputSchema\":\"object\"}")]
    [InlineData("{\"inputSchema\":{\"outputSchema\":{}}}")]
    [InlineData("[]")]
    [InlineData("5")]
    public void Shape_NothingToWrap_IsTheSameArray(string tool) => AssertSame(tool, Revision.V2025_11_25, Revision.V2025_06_18);

    [Fact]
    public void Shape_SchemasThatStandTwice_AreAllWrappedWhenTheLastIs() => AssertShaped(
        $"{{\"outputSchema\":{Before}{{\"type\":\"object\"}}{Behind},\"output\\u0053chema\":{Before}{{}}{Behind}}}",
        true,
        "{\"outputSchema\":{\"type\":\"object\"},\"output\\u0053chema\":{}}",
        Revision.V2025_11_25);

    [Theory]
    [InlineData("{\"$ref\":\"#\"}", "{\"$ref\":\"#/properties/result\"}")]
    [InlineData("{\"items\":{\"$ref\":\"#/$defs/a\"},\"$defs\":{\"a\":{}}}", "{\"items\":{\"$ref\":\"#/properties/result/$defs/a\"},\"$defs\":{\"a\":{}}}")]
    [InlineData("{\"anyOf\":[{\"$\\u0072ef\":\"\\u0023\\/a\"}]}", "{\"anyOf\":[{\"$\\u0072ef\":\"\\u0023/properties/result\\/a\"}]}")]
    [InlineData("{\"$ref\":\"#anchor\",\"a\":{\"$ref\":\"other#/a\"}}", "{\"$ref\":\"#anchor\",\"a\":{\"$ref\":\"other#/a\"}}")]
    [InlineData("{\"a\":{\"$id\":\"b\",\"c\":{\"$ref\":\"#/x\"}},\"d\":{\"$ref\":\"#/x\"}}", "{\"a\":{\"$id\":\"b\",\"c\":{\"$ref\":\"#/x\"}},\"d\":{\"$ref\":\"#/properties/result/x\"}}")]
    [InlineData("{\"$id\":\"urn:x\",\"$ref\":\"#/x\"}", "{\"$id\":\"urn:x\",\"$ref\":\"#/x\"}")]
    [InlineData("{\"properties\":{\"$ref\":{\"const\":\"#/x\"},\"$id\":{}}}", "{\"properties\":{\"$ref\":{\"const\":\"#/x\"},\"$id\":{}}}")]
    public void Shape_PointersInTheSchema_FollowIt(string schema, string expected) => AssertShaped(
        $"{{\"outputSchema\":{Before}{expected}{Behind}}}", true, $"{{\"outputSchema\":{schema}}}", Revision.V2025_11_25);

    [Theory]
    [InlineData("{\"inputSchema\":{}}", "{\"inputSchema\":{\"type\":\"object\"}}")]
    [InlineData("{\"inputSchema\":{ \"properties\":{\"type\":1}}}", "{\"inputSchema\":{\"type\":\"object\", \"properties\":{\"type\":1}}}")]
    [InlineData("{\"execution\":{\"taskSupport\":\"required\"},\"name\":\"t\"}", "{\"name\":\"t\"}")]
    [InlineData("{\"name\":\"t\", \"\\u0065xecution\":null}", "{\"name\":\"t\"}")]
    [InlineData("{ \"execution\":1, \"execution\":2 }", "{  }")]
    [InlineData("{\"execution\":1,\"a\":1,\"execution\":2,\"execution\":3,\"inputSchema\":{},\"execution\":4}", "{\"a\":1,\"inputSchema\":{\"type\":\"object\"}}")]
    public void Shape_ForModernClients_SaysWhatTheyExpect(string tool, string expected)
    {
        AssertShaped(expected, false, tool, Revision.V2026_07_28);
        AssertSame(tool, Revision.V2025_11_25, Revision.V2025_06_18, Revision.V2025_03_26, Revision.V2024_11_05);
    }

    [Theory]
    [InlineData("{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"}}")]
    [InlineData("{\"inputSchema\":{\"type\":\"string\"},\"outputSchema\":{}}")]
    [InlineData("{\"inputSchema\":true,\"annotations\":{\"execution\":1}}")]
    [InlineData("{\"name\":\"t\"}")]
    [InlineData("\"execution\"")]
    public void Shape_ForModernClientsAsItShouldBe_IsTheSameArray(string tool) => AssertSame(tool, Revision.V2026_07_28);

    [Fact]
    public void Shape_RandomTools_StayJsonAndComeOutOnce()
    {
        var random = new Random(23);
        var json = new RandomJson(random, "type", "outputSchema", "inputSchema", "execution", "$ref", "$id", "object", "#/a");
        for (var i = 0; i < 5_000; i++)
        {
            var tool = Encoding.UTF8.GetBytes(json.Object(5, twice: i % 2 == 0));
            foreach (var revision in Revision.All)
            {
                var shaped = ToolDefinition.Shape(tool, revision);
                Frames.AssertJson(shaped.Json);
                Assert.Same(shaped.Json, ToolDefinition.Shape(shaped.Json, revision).Json);
            }
        }
    }

    [Fact]
    public void Shape_DepthAtItsLimit_IsWrapped()
    {
        var schema = string.Concat(Enumerable.Repeat("{\"not\":", 250)) + "{\"$ref\":\"#\"}" + new string('}', 250);
        AssertShaped(
            $"{{\"outputSchema\":{Before}{schema.Replace("#", "#/properties/result", StringComparison.Ordinal)}{Behind}}}",
            true, $"{{\"outputSchema\":{schema}}}", Revision.V2025_11_25);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"outputSchema\"")]
    [InlineData("{\"outputSchema\":")]
    [InlineData("{\"outputSchema\":{\"type")]
    [InlineData("{\"execution\":1,")]
    [InlineData("{\"execution\":1,\"inputSchema\":{}")]
    [InlineData("{\"a\":\"\\")]
    public void Shape_BrokenText_IsTheSameArray(string tool) => AssertSame(tool, [.. Revision.All]);

    private static void AssertShaped(string expected, bool wraps, string tool, Revision to)
    {
        var shaped = ToolDefinition.Shape(Encoding.UTF8.GetBytes(tool), to);
        Assert.Equal(expected, Frames.Text(shaped.Json));
        Assert.Equal(wraps, shaped.WrapsOutput);
    }

    private static void AssertSame(string tool, params Revision[] all)
    {
        var given = Encoding.UTF8.GetBytes(tool);
        Assert.All(all, to => Assert.Same(given, ToolDefinition.Shape(given, to).Json));
        Assert.All(all, to => Assert.False(ToolDefinition.Shape(given, to).WrapsOutput));
    }
}
