using System.Text;

namespace Mimir.Wicked.Wire;

/// <summary>Things that servers print between frames. None is a message that a peer may act upon.</summary>
internal static class Garbage
{
    private static readonly byte[][] s_lines =
    [
        Encoding.UTF8.GetBytes("Server listening. Press Ctrl+C to stop."),
        Encoding.UTF8.GetBytes("\u001b[32mINFO\u001b[0m npm warn deprecated left-pad@1.0.0"),
        [],
        Encoding.UTF8.GetBytes("{"),
        Encoding.UTF8.GetBytes("[]"),
        Encoding.UTF8.GetBytes("null"),
        Encoding.UTF8.GetBytes("\"text\""),
        Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\"}"),
        Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":987654321,\"result\":{}}"),
        Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":\"stranger\",\"result\":{}}"),
        Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"what?\"}}"),
        Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"method\":5}"),
        Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"result\":{}}"),
        Encoding.UTF8.GetBytes(new string('[', 5000)),
        Encoding.UTF8.GetBytes(new string('x', 100_000)),
        [0xFF, 0xFE, 0x00, 0xC0, 0x80],
        [.. "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":\""u8, 0xC3, 0x28, .. "\"}"u8],
    ];

    /// <summary>How many kinds there are.</summary>
    public static int Count => s_lines.Length;

    /// <summary>The Nth kind, without a line end.</summary>
    public static ReadOnlyMemory<byte> Line(int n) => s_lines[n % s_lines.Length];
}
