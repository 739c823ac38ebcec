using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Http;

/// <summary>
/// Some clients write <c>tool_name</c> for <c>name</c> and <c>input</c> for <c>arguments</c> in <c>tools/call</c>. Both are taken, where the right
/// one is not there.
/// </summary>
internal static class SeedNames
{
    /// <summary>Puts the right names in.</summary>
    /// <param name="message">The message.</param>
    /// <param name="body">The bytes it was read from: to look into its parameters would cost every call.</param>
    public static void Mend(JsonRpcMessage message, ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\"tool_name\""u8) < 0 && body.IndexOf("\"input\""u8) < 0) return;
        if (message is not JsonRpcRequest { Method: RequestMethods.ToolsCall, Params: JsonObject given }) return;
        Rename(given, "tool_name", "name");
        Rename(given, "input", "arguments");
    }

    private static void Rename(JsonObject given, string from, string to)
    {
        if (given.ContainsKey(to) || !given.TryGetPropertyValue(from, out var value)) return;
        given.Remove(from);
        given[to] = value;
    }
}
