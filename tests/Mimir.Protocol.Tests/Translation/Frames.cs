using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Protocol.Envelopes;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

/// <summary>Messages as the scanner sees them, and what came out of a translation as text.</summary>
internal static class Frames
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 1024 };

    public static byte[] Scan(string json, out Envelope envelope)
    {
        var frame = Encoding.UTF8.GetBytes(json);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out envelope));
        return frame;
    }

    public static string Text(ArrayBufferWriter<byte> output) => Encoding.UTF8.GetString(output.WrittenSpan);

    public static string Text(byte[] json) => Encoding.UTF8.GetString(json);

    public static JsonNode? Parse(string json) => JsonNode.Parse(json, documentOptions: s_deep);

    /// <summary>That a text is one JSON value, members that stand twice and halves of surrogate pairs allowed.</summary>
    public static void AssertJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1024 });
        while (reader.Read())
        {
        }
    }

    public static void AssertSame(JsonNode? expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(expected, Parse(actual)), $"expected {expected?.ToJsonString()}\nactual   {actual}");
}
