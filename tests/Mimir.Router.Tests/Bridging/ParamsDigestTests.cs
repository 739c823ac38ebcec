using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Router.Bridging;

namespace Mimir.Router.Tests.Bridging;

public sealed class ParamsDigestTests
{
    [Theory]
    [InlineData("{\"a\":1,\"b\":[true,{\"c\":\"x\",\"d\":null}]}", " {\t\"b\" : [ true , {\"d\":null,\"c\":\"\\u0078\"} ],\n\"\\u0061\":1 } ")]
    [InlineData("{\"a\":\"é/\\ud83d\\ude00\\n\"}", "{\"a\":\"\\u00E9\\/😀\\u000a\"}")]
    [InlineData("{\"name\":\"n\"}", "{\"_meta\":{\"progressToken\":1},\"name\":\"n\",\"inputResponses\":{\"k\":{}},\"request\\u0053tate\":\"s\"}")]
    [InlineData("{}", "")]
    [InlineData("{}", "{\"_meta\":{}}")]
    [InlineData("{\"a\":\"\\ud800\",\"b\":1}", "{\"b\":1,\"a\":\"\\ud800\"}")]
    [InlineData("{\"a\":{\"x\":1,\"x\":2}}", "{\"a\":{\"x\":1,\"\\u0078\":2}}")]
    public void Of_OtherSpelling_IsTheSame(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("{\"a\":1}", "{\"a\":1.0}")]
    [InlineData("{\"a\":1}", "{\"a\":\"1\"}")]
    [InlineData("{\"a\":\"\"}", "{\"a\":null}")]
    [InlineData("{\"a\":[1,2]}", "{\"a\":[2,1]}")]
    [InlineData("{\"a\":[[1],2]}", "{\"a\":[[1,2]]}")]
    [InlineData("{\"a\":[12]}", "{\"a\":[1,2]}")]
    [InlineData("{\"a\":{}}", "{\"a\":[]}")]
    [InlineData("{\"a\":{\"b\":1},\"c\":2}", "{\"a\":{\"b\":1,\"c\":2}}")]
    [InlineData("{\"a\":\"b\",\"c\":\"d\"}", "{\"a\":\"d\",\"c\":\"b\"}")]
    [InlineData("{\"a\":\"b\\\",\\\"c\"}", "{\"a\":\"b\",\"c\":\"\"}")]
    [InlineData("{\"arguments\":{\"_meta\":1}}", "{\"arguments\":{\"_meta\":2}}")]
    [InlineData("{\"arguments\":{\"requestState\":1}}", "{\"arguments\":{}}")]
    [InlineData("{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud801\"}")]
    [InlineData("{\"a\":\"\\ud800\"}", "{\"a\":\"\\\\ud800\"}")]
    [InlineData("{\"a\":{\"x\":1,\"x\":2}}", "{\"a\":{\"x\":2,\"x\":1}}")]
    [InlineData("{\"a\":\"A\"}", "{\"A\":\"a\"}")]
    public void Of_OtherParams_Differs(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    [Fact]
    public void Of_OtherPrincipalOrMethod_Differs()
    {
        ParamsDigest[] all =
        [
            ParamsDigest.Of("p", "tools/call"u8, "{}"u8), ParamsDigest.Of("q", "tools/call"u8, "{}"u8), ParamsDigest.Of("p", "prompts/get"u8, "{}"u8),
            ParamsDigest.Of("ptools/call", ""u8, "{}"u8), ParamsDigest.Of("", "ptools/call"u8, "{}"u8), ParamsDigest.Of("", default, default),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void Of_NestedBeyondTheDepth_StillTellsApart()
    {
        string Deep(string inner) => "{\"a\":" + new string('[', 300) + inner + new string(']', 300) + "}";

        Assert.Equal(Of(Deep("1")), Of(Deep("1")));
        Assert.NotEqual(Of(Deep("1")), Of(Deep("2")));
    }

    [Fact]
    public void Of_RandomParams_DependOnTheValuesAlone()
    {
        var random = new Random(17);
        var seen = new Dictionary<ParamsDigest, JsonNode>();
        for (var i = 0; i < 2_000; i++)
        {
            var node = RandomObject(random, 3);
            var digest = Of(Write(random, node));
            Assert.Equal(digest, Of(Write(random, node)));
            if (!seen.TryAdd(digest, node))
            {
                Assert.True(JsonNode.DeepEquals(seen[digest], node), $"{seen[digest]} and {node} digest alike");
            }
        }

        Assert.True(seen.Count > 1_000);
    }

    private static ParamsDigest Of(string json) => ParamsDigest.Of("p", "tools/call"u8, Encoding.UTF8.GetBytes(json));

    private static JsonObject RandomObject(Random random, int depth)
    {
        var node = new JsonObject();
        for (var i = random.Next(5); i > 0; i--)
        {
            node["abcä\"\\/"[random.Next(7)].ToString()] = random.Next(depth > 0 ? 5 : 3) switch
            {
                0 => random.Next(3),
                1 => "é\n\"x/"[..random.Next(6)],
                2 => null,
                3 => new JsonArray(RandomObject(random, depth - 1), random.Next(2)),
                _ => RandomObject(random, depth - 1),
            };
        }

        return node;
    }

    /// <summary>Any spelling of a value: members in any order, blanks, escapes.</summary>
    private static string Write(Random random, JsonNode? node) => node switch
    {
        JsonObject members => $"{{{string.Join(" , ", members.OrderBy(_ => random.Next()).Select(m => $"{Text(random, m.Key)} :{Write(random, m.Value)}"))}}}",
        JsonArray elements => $"[{string.Join(",", elements.Select(e => $"\t{Write(random, e)}"))} ]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(random, value.GetValue<string>()),
        null => "null",
        _ => node.ToJsonString(),
    };

    private static string Text(Random random, string text) => $"\"{string.Concat(text.Select(letter => random.Next(2) == 0 || letter is '"' or '\\' or < ' '
        ? "\\u" + ((int)letter).ToString("x4", CultureInfo.InvariantCulture)
        : letter.ToString()))}\"";
}
