using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class InputRequestsTests
{
    [Fact]
    public void Read_WhatIsAsked_ComesInItsOrder()
    {
        var (reading, asked, state) = Read("""
            {"resultType":"input_\u0072equired","inputRequests" : {"a":{"method":"elicitation\/create","params":{"message":"m"}},
            "\u0062":{"params":{ },"m\u0065thod":"roots/list"}, "":{"method":"sampling/createMessage"},"d":{"method":"other/thing","x":1}},"requestState":"s\u0041"}
            """);

        Assert.Equal(InputReading.Ok, reading);
        Assert.Equal(
            ["a Elicit {\"message\":\"m\"}", "\\u0062 RootsList { }", " CreateMessage ", "d Unknown "], asked);
        Assert.Equal("\"s\\u0041\"", state);
    }

    [Theory]
    [InlineData("{\"resultType\":\"input_required\",\"requestState\":\"\"}", "\"\"")]
    [InlineData("{\"resultType\":\"input_required\",\"requestState\":\"x\",\"inputRequests\":null}", "\"x\"")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{}}", null)]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{},\"requestState\":null}", null)]
    public void Read_OnlyOneOfTheTwo_IsEnough(string result, string? expected)
    {
        var (reading, asked, state) = Read(result);
        Assert.Equal(InputReading.Ok, reading);
        Assert.Empty(asked);
        Assert.Equal(expected, state);
    }

    [Theory]
    [InlineData("{\"resultType\":\"complete\",\"requestState\":\"x\"}")]
    [InlineData("{\"requestState\":\"x\",\"inputRequests\":{}}")]
    [InlineData("[\"input_required\"]")]
    public void Read_OtherResults_AskNothing(string result) => Assert.Equal(InputReading.NotAsked, Read(result).Reading);

    [Theory]
    [InlineData("{\"resultType\":\"input_required\"}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":null}")]
    [InlineData("{\"resultType\":\"input_required\",\"requestState\":5}")]
    [InlineData("{\"resultType\":\"input_required\",\"requestState\":\"a\",\"requestState\":\"b\"}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{},\"input\\u0052equests\":{}}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":[]}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":5}}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{}}}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":5}}}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\",\"params\":[]}}}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\",\"meth\\u006fd\":\"roots/list\"}}}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\"},\"\\u0061\":{\"method\":\"roots/list\"}}}")]
    [InlineData("{\"resultType\":\"input_required\",\"inputRequests\":{\"\\ud800\":{\"method\":\"roots/list\"},\"\\ud800\":{\"method\":\"roots/list\"}}}")]
    public void Read_NeitherOrWrongOrTwice_IsMalformed(string result) => Assert.Equal(InputReading.Malformed, Read(result).Reading);

    [Fact]
    public void Read_MoreThanMost_IsTooMany()
    {
        string Of(int count) => "{\"resultType\":\"input_required\",\"inputRequests\":{"
            + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i}\":{{\"method\":\"roots/list\"}}")) + "}}";

        Assert.Equal(InputRequests.Most, Read(Of(InputRequests.Most)).Asked.Length);
        Assert.Equal(InputReading.TooMany, Read(Of(InputRequests.Most + 1)).Reading);
    }

    [Theory]
    [InlineData("\"roots/list\"", ClientCapability.Roots)]
    [InlineData("\"sampling/createMessage\"", ClientCapability.Sampling)]
    [InlineData("\"sampling/createMessage\",\"params\":{\"messages\":[{\"tools\":1}],\"tools\":null}", ClientCapability.Sampling)]
    [InlineData("\"sampling/createMessage\",\"params\":{\"t\\u006fols\":[]}", ClientCapability.SamplingTools)]
    [InlineData("\"sampling/createMessage\",\"params\":{\"toolChoice\":{}}", ClientCapability.SamplingTools)]
    [InlineData("\"elicitation/create\"", ClientCapability.ElicitationForm)]
    [InlineData("\"elicitation/create\",\"params\":{\"mode\":\"form\"}", ClientCapability.ElicitationForm)]
    [InlineData("\"elicitation/create\",\"params\":{\"mode\":\"\\u0075rl\"}", ClientCapability.ElicitationUrl)]
    [InlineData("\"elicitation/create\",\"params\":{\"mode\":\"voice\"}", ClientCapability.Unknown)]
    [InlineData("\"elicitation/create\",\"params\":{\"mode\":null}", ClientCapability.Unknown)]
    [InlineData("\"elicitation/create\",\"params\":{\"mode\":\"url\",\"mode\":\"form\"}", ClientCapability.Unknown)]
    [InlineData("\"tools/call\"", ClientCapability.Unknown)]
    [InlineData("\"initialize\"", ClientCapability.Unknown)]
    public void NeedOf_AnyEntry_IsTheCapabilityThatCoversIt(string method, ClientCapability expected)
    {
        var frame = Frames.Scan(
            $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{\"resultType\":\"input_required\",\"inputRequests\":{{\"k\":{{\"method\":{method}}}}}}}}}", out var answer);
        var asked = new List<InputRequest>();
        Assert.Equal(InputReading.Ok, InputRequests.Read(frame, answer, asked, out _));
        Assert.Equal(expected, InputRequests.NeedOf(frame, asked[0]));

        frame = Frames.Scan($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":{method}}}", out var request);
        Assert.Equal(expected, InputRequests.NeedOf(frame, request));
    }

    [Fact]
    public void Read_RandomResults_NeverThrowsNorAsksTwice()
    {
        var random = new Random(31);
        var json = new RandomJson(random, "inputRequests", "requestState", "method", "params", "elicitation/create", "roots/list", "mode", "url");
        var seen = new HashSet<InputReading>();
        for (var i = 0; i < 20_000; i++)
        {
            var result = json.Object(4, twice: i % 4 == 0, ("resultType", "\"input_required\""));
            var (reading, asked, _) = Read(result);
            seen.Add(reading);
            Assert.Equal(asked.Length, asked.Distinct().Count());
        }

        Assert.Equal([InputReading.Ok, InputReading.Malformed], seen.Order());
    }

    private static (InputReading Reading, string[] Asked, string? State) Read(string result)
    {
        var frame = Frames.Scan($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{result}}}", out var envelope);
        var asked = new List<InputRequest> { default };
        var reading = InputRequests.Read(frame, envelope, asked, out var state);
        string Text(ByteRange range) => range.Exists ? Encoding.UTF8.GetString(range.Of(frame)) : "";
        return (reading, [.. asked.Select(a => $"{Text(a.Key)} {a.Method} {Text(a.Params)}")], state.Exists ? Text(state) : null);
    }
}
