using System.Text.Json.Nodes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class CallResultTests
{
    private const string Text = "{\"type\":\"text\",\"text\":\"hi\"}";
    private const string Audio = "{\"type\":\"audio\",\"data\":\"QUJDRA==\",\"mimeType\":\"audio/wav\"}";
    private const string AudioText = "{\"type\":\"text\",\"text\":\"[audio (audio/wav): 8 bytes of base64]\"}";
    private const string Link = "{\"uri\":\"file:///a\\\"b\",\"name\":\"\\u00e9\",\"t\\u0079pe\":\"resource\\u005flink\",\"mimeType\":\"text/plain\",\"size\":1}";
    private const string LinkText = "{\"type\":\"text\",\"text\":\"[resource_link \\u00e9 (text/plain): file:///a\\\"b]\"}";

    [Theory]
    [InlineData("{\"structuredContent\":[1.0, 2]}", false, "{\"structuredContent\":{\"result\":[1.0, 2]}}")]
    [InlineData("{\"content\":[],\"structuredContent\" : null }", false, "{\"content\":[],\"structuredContent\" : {\"result\":null} }")]
    [InlineData("{\"structuredContent\":\"x\",\"a\":1}", false, "{\"structuredContent\":{\"result\":\"x\"},\"a\":1}")]
    [InlineData("{\"structuredContent\":{\"a\":1}}", true, "{\"structuredContent\":{\"result\":{\"a\":1}}}")]
    [InlineData("{\"structuredContent\":1,\"structured\\u0043ontent\":2}", false, "{\"structuredContent\":{\"result\":1},\"structured\\u0043ontent\":{\"result\":2}}")]
    [InlineData("{\"structuredContent\":{\"a\":1}}", false, null)]
    [InlineData("{\"structured\\u0043ontent\":{\"a\":1}}", false, null)]
    [InlineData("{\"content\":[{\"structuredContent\":1}],\"_meta\":{\"structuredContent\":1}}", true, null)]
    [InlineData($"{{\"content\":[{Audio},{Link}]}}", true, null)]
    [InlineData("[\"structuredContent\",1]", true, null)]
    public void Shape_WhereStructuredContentIsAnObject_WrapsAllElse(string result, bool wraps, string? expected)
    {
        AssertShaped(expected, result, Revision.V2025_11_25, wraps);
        AssertShaped(expected, result, Revision.V2025_06_18, wraps);
        AssertShaped(null, result, Revision.V2026_07_28, wraps);
    }

    [Theory]
    [InlineData("{\"structuredContent\":{\"a\" :\n\"x\\\"\"}}",
        "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"a\\\" :\\n\\\"x\\\\\\\"\\\"}\"}],\"structuredContent\":{\"a\" :\n\"x\\\"\"}}")]
    [InlineData("{\"isError\":false,\"content\":[ ],\"structuredContent\":5}",
        "{\"isError\":false,\"content\":[{\"type\":\"text\",\"text\":\"5\"}],\"structuredContent\":5}")]
    [InlineData("{\"structuredContent\":[],\"content\":[]}", "{\"structuredContent\":[],\"content\":[{\"type\":\"text\",\"text\":\"[]\"}]}")]
    [InlineData("{\"c\\u006fntent\":[],\"structuredContent\":1,\"structuredContent\":2}",
        "{\"c\\u006fntent\":[{\"type\":\"text\",\"text\":\"2\"}],\"structuredContent\":1,\"structuredContent\":2}")]
    [InlineData("{\"content\":[{}],\"content\":[],\"structuredContent\":1}",
        "{\"content\":[{}],\"content\":[{\"type\":\"text\",\"text\":\"1\"}],\"structuredContent\":1}")]
    [InlineData($"{{\"content\":[{Text}],\"structuredContent\":[1]}}", null)]
    [InlineData("{\"content\":null,\"structuredContent\":[1]}", null)]
    [InlineData("{\"content\":[],\"x\":\"structuredContent\"}", null)]
    [InlineData("{\"content\":[]}", null)]
    public void Shape_WhereStructuredContentIsUnknown_SaysItInText(string result, string? expected)
    {
        AssertShaped(expected, result, Revision.V2025_03_26);
        AssertShaped(expected, result, Revision.V2024_11_05, true);
    }

    [Theory]
    [InlineData($"{{\"content\":[{Text},{Audio} , {Link}]}}", $"{{\"content\":[{Text},{AudioText} , {LinkText}]}}", $"{{\"content\":[{Text},{Audio} , {LinkText}]}}")]
    [InlineData($"{{\"content\":{Audio}}}", $"{{\"content\":{AudioText}}}", null)]
    [InlineData("{\"content\":[{\"type\":\"audio\"}]}", "{\"content\":[{\"type\":\"text\",\"text\":\"[audio: 0 bytes of base64]\"}]}", null)]
    [InlineData("{\"content\":[{\"type\":\"resource_link\",\"uri\":5,\"name\":null}]}", "{\"content\":[{\"type\":\"text\",\"text\":\"[resource_link]\"}]}",
        "{\"content\":[{\"type\":\"text\",\"text\":\"[resource_link]\"}]}")]
    [InlineData("{\"content\":[{\"type\":\"audio\",\"type\":\"text\"}]}", null, null)]
    [InlineData("{\"content\":[{\"type\":\"text\",\"text\":\"audio resource_link \\u0041\"},[{\"type\":\"audio\"}],\"audio\",null]}", null, null)]
    [InlineData($"{{\"other\":[{Audio}],\"structuredContent\":{{\"content\":[{Audio}]}},\"content\":5}}", null, null)]
    public void Shape_BlocksThatAreNotKnown_BecomeText(string result, string? in2024, string? inMarch)
    {
        AssertShaped(in2024, result, Revision.V2024_11_05);
        AssertShaped(inMarch, result, Revision.V2025_03_26);
        AssertShaped(null, result, Revision.V2025_06_18);
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"structuredContent audio\"}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"structuredContent\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"structuredContent\"}")]
    public void Shape_NoResult_IsLeft(string text)
    {
        var frame = Frames.Scan(text, out var envelope);
        Assert.All(Revision.All, to => Assert.False(CallResult.Shape(frame, envelope, to, true, out _)));
        Assert.All(Revision.All, to => Assert.False(PromptResult.Shape(frame, envelope, to, out _)));
    }

    [Fact]
    public void Shape_RandomResults_AreWhatTheRevisionKnows()
    {
        var random = new Random(29);
        var json = new RandomJson(random, "type", "content", "structuredContent", "audio", "resource_link", "uri", "name", "mimeType", "data", "text");
        for (var i = 0; i < 5_000; i++)
        {
            var blocks = Enumerable.Range(0, random.Next(4)).Select(_ => json.Object(2, false, random.Next(2) == 0 ? [] : [("type", $"\"{json.Spell("audio")}\"")]));
            var result = json.Object(4, twice: i % 2 == 0, ("content", $"[{string.Join(',', blocks)}]"));
            var frame = Frames.Scan($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{result}}}", out var envelope);
            foreach (var to in Revision.All)
            {
                if (!CallResult.Shape(frame, envelope, to, random.Next(2) == 0, out var shaped))
                {
                    shaped = frame;
                }

                Frames.AssertJson(shaped);
                if (i % 2 == 0)
                {
                    continue;
                }

                var given = Frames.Parse(Frames.Text(frame))!["result"]!;
                var seen = Frames.Parse(Frames.Text(shaped))!["result"]!;
                Assert.True(!to.StructuredMustBeObject || !given.AsObject().ContainsKey("structuredContent") || seen["structuredContent"] is JsonObject);
                Assert.True(to.KnowsStructuredContent || !given.AsObject().ContainsKey("structuredContent") || seen["content"]!.AsArray().Count > 0);
                Assert.All(seen["content"]!.AsArray(), b => Assert.False(!to.KnowsAudio && KindOf(b) == "audio"));
                Assert.All(seen["content"]!.AsArray(), b => Assert.False(!to.KnowsResourceLinks && KindOf(b) == "resource_link"));
            }
        }
    }

    private static string? KindOf(JsonNode? block) => block?["type"] is JsonValue value && value.TryGetValue<string>(out var kind) ? kind : null;

    private static void AssertShaped(string? expected, string result, Revision to, bool wraps = false)
    {
        const string Answer = "{{\"id\":\"structuredContent\",\"result\" : {0} ,\"jsonrpc\":\"2.0\"}}";
        var frame = Frames.Scan(string.Format(null, Answer, result), out var envelope);
        Assert.Equal(expected is not null, CallResult.Shape(frame, envelope, to, wraps, out var shaped));
        Assert.Equal(expected is null ? "" : string.Format(null, Answer, expected), Frames.Text(shaped));
    }
}
