using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class MessageBlocksTests
{
    private const string Text = "{\"type\":\"text\",\"text\":\"hi\"}";
    private const string Audio = "{\"type\":\"audio\",\"data\":\"QUJDRA==\",\"mimeType\":\"audio/wav\"}";
    private const string AudioText = "{\"type\":\"text\",\"text\":\"[audio (audio/wav): 8 bytes of base64]\"}";

    [Theory]
    [InlineData($"{{\"messages\":[{{\"role\":\"user\",\"content\":{Audio}}}]}}", $"{{\"messages\":[{{\"role\":\"user\",\"content\":{AudioText}}}]}}")]
    [InlineData($"{{\"messages\":[{{\"content\":[{Text},{Audio}]}},{{\"content\":{Audio}}}]}}", $"{{\"messages\":[{{\"content\":[{Text},{AudioText}]}},{{\"content\":{AudioText}}}]}}")]
    [InlineData($"{{\"messages\":[{{\"content\":{Text},\"x\":{Audio}}},5,\"audio\",null],\"content\":{Audio}}}", null)]
    [InlineData($"{{\"messages\":{{\"content\":{Audio}}}}}", null)]
    [InlineData("{\"messages\":[{\"content\":\"audio\"},{\"content\":null}]}", null)]
    [InlineData("{}", null)]
    public void ShapePrompt_ForClientsWithoutAudio_HasNone(string result, string? expected)
    {
        var frame = Frames.Scan($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{result}}}", out var envelope);

        Assert.Equal(expected is not null, PromptResult.Shape(frame, envelope, Revision.V2024_11_05, out var shaped));
        Assert.Equal(expected is null ? "" : $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{expected}}}", Frames.Text(shaped));
        Assert.False(PromptResult.Shape(frame, envelope, Revision.V2025_03_26, out _));
    }

    [Theory]
    [InlineData(Audio, AudioText, null)]
    [InlineData($"[ {Text} ]", Text, Text)]
    [InlineData($"[{Audio}]", AudioText, Audio)]
    [InlineData($"[{Audio},{Text}]", null, null)]
    [InlineData("[]", null, null)]
    [InlineData("[\"audio\"]", null, null)]
    [InlineData("[[{}]]", null, null)]
    [InlineData("\"audio\"", null, null)]
    [InlineData(Text, null, null)]
    public void ShapeSampling_ForOlderClients_IsOneBlockOfAKnownKind(string content, string? in2024, string? later)
    {
        AssertSampling(in2024, content, Revision.V2024_11_05);
        AssertSampling(later, content, Revision.V2025_03_26);
        AssertSampling(later, content, Revision.V2025_06_18);
        AssertSampling(null, content, Revision.V2025_11_25);
        AssertSampling(null, content, Revision.V2026_07_28);
    }

    [Fact]
    public void ShapeSampling_WithoutMessages_IsLeft()
    {
        foreach (var text in new[] { "", ",\"params\":[]", ",\"params\":{}", ",\"params\":{\"messages\":5}", ",\"params\":{\"messages\":[5,{}]}" })
        {
            var frame = Frames.Scan($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\"{text}}}", out var envelope);
            Assert.False(ServerRequest.Shape(frame, envelope, Revision.V2024_11_05, out _));
        }
    }

    private static void AssertSampling(string? expected, string content, Revision to)
    {
        const string Request =
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\",\"params\":{{\"messages\":[{{\"role\":\"user\",\"content\":{0} }}],\"maxTokens\":1e2}}}}";
        var frame = Frames.Scan(string.Format(null, Request, content), out var envelope);
        Assert.Equal(expected is not null, ServerRequest.Shape(frame, envelope, to, out var shaped));
        Assert.Equal(expected is null ? "" : string.Format(null, Request, expected), Frames.Text(shaped));
    }
}
