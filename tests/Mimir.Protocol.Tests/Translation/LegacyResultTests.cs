using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class LegacyResultTests
{
    private const string Type = "\"resultType\":\"complete\"";
    private const string Hints = "\"ttlMs\":0,\"cacheScope\":\"private\"";

    [Theory]
    [InlineData(McpMethod.ToolsCall, "{}", $"{{{Type}}}")]
    [InlineData(McpMethod.ToolsCall, "{ }", $"{{{Type} }}")]
    [InlineData(McpMethod.ToolsCall, "{\"content\":[1.0]}", $"{{{Type},\"content\":[1.0]}}")]
    [InlineData(McpMethod.ToolsCall, "{\"content\":[],\"resultType\":\"task\"}", null)]
    [InlineData(McpMethod.ToolsCall, "{\"content\":[],\"result\\u0054ype\":\"complete\"}", null)]
    [InlineData(McpMethod.ToolsCall, "{\"a\":{\"resultType\":\"complete\"}}", $"{{{Type},\"a\":{{\"resultType\":\"complete\"}}}}")]
    [InlineData(McpMethod.ResourcesRead, "{}", $"{{{Type},{Hints}}}")]
    [InlineData(McpMethod.ResourcesRead, "{\"contents\":[]}", $"{{{Type},{Hints},\"contents\":[]}}")]
    [InlineData(McpMethod.ToolsList, "{\"tools\":[],\"ttlMs\":5}", $"{{{Type},\"cacheScope\":\"private\",\"tools\":[],\"ttlMs\":5}}")]
    [InlineData(McpMethod.PromptsList, "{\"cacheScop\\u0065\":\"public\"}", $"{{{Type},\"ttlMs\":0,\"cacheScop\\u0065\":\"public\"}}")]
    [InlineData(McpMethod.ResourcesList, "{\"resultType\":\"complete\"}", $"{{{Hints},\"resultType\":\"complete\"}}")]
    [InlineData(McpMethod.ResourceTemplatesList, "{\"resultType\":\"\\u0063omplete\",\"ttlMs\":1,\"ttlMs\":2,\"cacheScope\":3}", null)]
    [InlineData(McpMethod.Discover, "{\"_meta\":{\"ttlMs\":1}}", $"{{{Type},{Hints},\"_meta\":{{\"ttlMs\":1}}}}")]
    [InlineData(McpMethod.ResourcesRead, "{\"resultType\":\"input_required\",\"requestState\":\"s\"}", null)]
    [InlineData(McpMethod.ResourcesRead, "null", null)]
    [InlineData(McpMethod.ResourcesRead, "[{}]", null)]
    [InlineData(McpMethod.ResourcesRead, "\"{}\"", null)]
    public void ToModern_AnyResult_HasWhatModernClientsAskFor(McpMethod method, string result, string? expected)
    {
        const string Answer = "{{\"id\":\"a\",\"result\" : {0} ,\"jsonrpc\":\"2.0\"}}";
        Assert.Equal(
            expected is null ? null : string.Format(null, Answer, expected),
            Translate(string.Format(null, Answer, result), method));
    }

    [Theory]
    [InlineData("{\"code\":-32002,\"message\":\"-32002\"}", "{\"code\":-32602,\"message\":\"-32002\"}")]
    [InlineData("{\"data\":{\"code\":-32002},\"c\\u006fde\" : -32002 }", "{\"data\":{\"code\":-32002},\"c\\u006fde\" : -32602 }")]
    [InlineData("{\"code\":-32002,\"code\":-32002}", "{\"code\":-32002,\"code\":-32602}")]
    [InlineData("{\"code\":-32042,\"message\":\"\"}", null)]
    [InlineData("{\"code\":\"-32002\",\"message\":\"\"}", null)]
    [InlineData("{}", null)]
    public void ToModern_Error_IsNamedAsModernOnesAre(string error, string? expected)
    {
        const string Answer = "{{\"jsonrpc\":\"2.0\",\"error\":{0},\"id\":1}}";
        Assert.Equal(
            expected is null ? null : string.Format(null, Answer, expected),
            Translate(string.Format(null, Answer, error), McpMethod.ResourcesRead));
    }

    [Fact]
    public void ToModern_NoAnswer_IsLeft() => Assert.Null(Translate("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", McpMethod.ToolsList));

    [Fact]
    public void ToModern_RandomResults_GainOnlyWhatIsMissing()
    {
        var random = new Random(3);
        var json = new RandomJson(random, "ttlMs", "cacheScope", "contents", "a");
        for (var i = 0; i < 2_000; i++)
        {
            var result = json.Object(3);
            var text = $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{result}}}";
            var expected = Frames.Parse(text)!;
            var members = expected["result"]!.AsObject();
            members["resultType"] = "complete";
            members.TryAdd("ttlMs", 0);
            members.TryAdd("cacheScope", "private");
            Frames.AssertSame(expected, Translate(text, McpMethod.ResourcesRead)!);
        }
    }

    private static string? Translate(string text, McpMethod method)
    {
        var frame = Frames.Scan(text, out var envelope);
        var splices = default(SpliceList);
        var changed = LegacyResult.ToModern(ref splices, frame, envelope, method);
        var result = Frames.Text(splices.Apply(frame));
        Assert.Equal(changed, result != text);
        return changed ? result : null;
    }
}
