using Mimir.Router.State;

namespace Mimir.Router.Bridging;

/// <summary>What went wrong, said as a tool's failure: that is for the model to read, and an error of the protocol often is not.</summary>
internal static class ToolFailure
{
    /// <summary>The answer in the words of the legacy era.</summary>
    /// <param name="id">The id of the request, byte for byte.</param>
    /// <param name="text">For people and models.</param>
    public static byte[] Answer(ReadOnlySpan<byte> id, string text) =>
        [.. "{\"jsonrpc\":\"2.0\",\"id\":"u8, .. id, .. ",\"result\":{"u8, .. Inside(text), .. "}}"u8];

    /// <summary>The result in the words of the modern era.</summary>
    /// <inheritdoc cref="Answer"/>
    public static byte[] ModernResult(string text) => [.. "{\"resultType\":\"complete\","u8, .. Inside(text), (byte)'}'];

    private static byte[] Inside(string text) =>
        [.. "\"content\":[{\"type\":\"text\",\"text\":\""u8, .. JsonText.Encode(text), .. "\"}],\"isError\":true"u8];
}
