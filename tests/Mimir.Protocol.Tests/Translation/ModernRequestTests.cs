using System.Buffers;
using System.Text.Json.Nodes;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class ModernRequestTests
{
    private const string Version = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";
    private const string Info = "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"a\",\"version\":\"1\"}";
    private const string Capabilities = "\"io.modelcontextprotocol/clientCapabilities\":{\"roots\":{}}";
    private const string Level = "\"io.modelcontextprotocol/logLevel\":\"info\"";

    [Theory]
    [InlineData($"{{\"_meta\":{{{Version},{Info},{Capabilities},{Level}}},\"name\":\"x\"}}", "{\"name\":\"x\"}")]
    [InlineData($"{{\"name\":\"x\",\"_meta\":{{{Version}}}}}", "{\"name\":\"x\"}")]
    [InlineData($"{{\"_meta\":{{{Version}}}}}", "{}")]
    [InlineData($"{{ \"a\" : 1 , \"_meta\" : {{ {Version} }} , \"b\" : 2 }}", "{\"a\" : 1,\"b\" : 2}")]
    [InlineData($"{{\"_meta\":{{{Version},\"progressToken\":1.0,{Level},\"traceparent\":\"\\u0030\",\"x\" : [1e3]}}}}",
        "{\"_meta\":{\"progressToken\":1.0,\"traceparent\":\"\\u0030\",\"x\" : [1e3]}}")]
    [InlineData($"{{\"_meta\":{{\"progressToken\":1,{Version}}},\"requestState\":\"s\",\"n\":1e400,\"inputResponses\":{{\"k\":{{}}}},\"m\":[ ]}}",
        "{\"_meta\":{\"progressToken\":1},\"n\":1e400,\"m\":[ ]}")]
    [InlineData("{\"_meta\":{\"io.modelcontextprotocol\\/\\u0070rotocolVersion\":\"v\",\"k\":1},\"request\\u0053tate\":\"s\"}", "{\"_meta\":{\"k\":1}}")]
    [InlineData($"{{\"_meta\":{{{Info},\"k\":1,{Info}}},\"requestState\":1}}", "{\"_meta\":{\"k\":1}}")]
    [InlineData($"{{\"_meta\":{{{Version}}},\"task\":{{\"ttl\":1}}}}", "{}")]
    [InlineData($"{{\"_meta\":{{{Version}}},\"arguments\":{{\"_meta\":{{{Version}}},\"requestState\":\"s\"}}}}",
        $"{{\"arguments\":{{\"_meta\":{{{Version}}},\"requestState\":\"s\"}}}}")]
    public void ToLegacy_ModernParams_LosesOnlyWhatIsModern(string given, string expected) => Assert.Equal(Around(expected), Translate(Around(given)));

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":[{\"requestState\":1}]}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"_meta\":{}}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"_meta\":{\"progressToken\":1},\"context\":1}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"_meta\":5}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"a\":{\"\\ud800\":1}},\"x\":1}")]
    public void ToLegacy_NothingModern_WritesNothing(string frame) => Assert.Null(Translate(frame));

    [Fact]
    public void ToLegacy_AsTask_AsksForOne()
    {
        Assert.Equal(Around("{\"name\":\"x\",\"task\":{}}"), Translate(Around("{\"name\":\"x\"}"), asTask: true));
        Assert.Equal(Around("{\"task\":{}}"), Translate(Around($"{{\"_meta\":{{{Version}}}}}"), asTask: true));
        Assert.Equal(Around("{\"a\":1,\"task\":{}}"), Translate(Around("{\"a\":1,\"task\":{\"ttl\":9}}"), asTask: true));
    }

    [Fact]
    public void ToLegacy_WithoutContext_LeavesItOut() =>
        Assert.Equal(Around("{\"ref\":{},\"z\":0}"), Translate(Around("{\"ref\":{},\"conte\\u0078t\":{\"arguments\":{}},\"z\":0}"), withoutContext: true));

    [Fact]
    public void ToLegacy_DepthAtItsLimit_IsCopied()
    {
        var deep = new string('[', 254) + new string(']', 254);
        Assert.Equal(Around($"{{\"a\":{deep}}}"), Translate(Around($"{{\"a\":{deep},\"_meta\":{{{Version}}}}}")));
    }

    [Fact]
    public void ToLegacy_RandomRequests_DifferInNothingElse()
    {
        var random = new Random(7);
        string[] reserved = ["protocolVersion", "clientInfo", "clientCapabilities", "logLevel"];
        var meta = new RandomJson(random, ["progressToken", "traceparent", "io.modelcontextprotocol/other", "a", .. reserved]);
        var @params = new RandomJson(random, "arguments", "inputResponses", "requestState", "context", "task", "b");
        for (var i = 0; i < 3_000; i++)
        {
            var held = reserved.Where(_ => random.Next(2) == 0).Select(name => ("io.modelcontextprotocol/" + name, "\"v\"")).ToList();
            if (held.All(m => m.Item1 != "io.modelcontextprotocol/clientCapabilities"))
            {
                held.Add(("io.modelcontextprotocol/clientCapabilities", meta.Object(3)));
            }

            var text = Around(@params.Object(4, false, ("_meta", meta.Object(3, false, [.. held]))));
            if (EnvelopeScanner.Scan(System.Text.Encoding.UTF8.GetBytes(text), 256, out _) != ScanStatus.Ok)
            {
                continue;
            }

            var (asTask, withoutContext) = (random.Next(2) == 0, random.Next(2) == 0);
            var expected = Frames.Parse(text)!;
            var p = expected["params"]!.AsObject();
            var m = p["_meta"]!.AsObject();
            foreach (var name in reserved)
            {
                m.Remove("io.modelcontextprotocol/" + name);
            }

            p.Remove("inputResponses");
            p.Remove("requestState");
            p.Remove("task");
            _ = m.Count == 0 && p.Remove("_meta");
            _ = withoutContext && p.Remove("context");
            if (asTask)
            {
                p["task"] = new JsonObject();
            }

            Frames.AssertSame(expected, Translate(text, asTask, withoutContext)!);
        }
    }

    private static string Around(string @params) => $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{@params} }} ";

    private static string? Translate(string text, bool asTask = false, bool withoutContext = false)
    {
        var frame = Frames.Scan(text, out var envelope);
        var output = new ArrayBufferWriter<byte>();
        var changed = ModernRequest.ToLegacy(frame, envelope, output, asTask, withoutContext);
        Assert.Equal(changed, output.WrittenCount > 0);
        return changed ? Frames.Text(output) : null;
    }
}
