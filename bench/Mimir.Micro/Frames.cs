using System.Text;

namespace Mimir.Micro;

/// <summary>Messages as clients and servers write them.</summary>
internal static class Frames
{
    /// <summary>A call with so many bytes of text, its id where most clients put it.</summary>
    public static byte[] Call(int text) => Encoding.UTF8.GetBytes(
        $"{{\"jsonrpc\":\"2.0\",\"id\":4711,\"method\":\"tools/call\",\"params\":{{\"name\":\"files_read\",\"arguments\":{{\"text\":\"{new string('x', text)}\"}}}}}}");

    /// <summary>A call of the modern era, with all its <c>_meta</c>.</summary>
    public static byte[] ModernCall(int text) => Encoding.UTF8.GetBytes(
        "{\"method\":\"tools/call\",\"params\":{\"name\":\"files_read\",\"arguments\":{\"text\":\"" + new string('x', text) + "\"},\"_meta\":{"
        + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"micro\",\"version\":\"1\"},"
        + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{\"form\":{}}},\"progressToken\":7}},\"jsonrpc\":\"2.0\",\"id\":4711}");

    /// <summary>A result with so many bytes of text, its id last, as the SDKs write it.</summary>
    public static byte[] Result(int text) => Encoding.UTF8.GetBytes(
        $"{{\"result\":{{\"content\":[{{\"type\":\"text\",\"text\":\"{new string('x', text)}\"}}]}},\"jsonrpc\":\"2.0\",\"id\":4711}}");

    /// <summary>An event with one message.</summary>
    public static byte[] Event(byte[] message) => [.. "event: message\nid: 17\ndata: "u8, .. message, .. "\n\n"u8];
}
