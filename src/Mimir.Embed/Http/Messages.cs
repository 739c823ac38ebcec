using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Http;

/// <summary>What a body says.</summary>
internal static class Messages
{
    /// <summary>How messages are read and written.</summary>
    public static JsonTypeInfo<JsonRpcMessage> Shape { get; } = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    /// <summary>Whether it is an array of messages.</summary>
    public static bool IsBatch(ReadOnlySpan<byte> body)
    {
        foreach (var c in body)
        {
            if (c is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) return c == (byte)'[';
        }

        return false;
    }

    /// <summary>Reads a message.</summary>
    /// <returns>The message, or the error that answers it.</returns>
    public static (JsonRpcMessage? Message, byte[]? Error) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, Shape) is { } message)
            {
                SeedNames.Mend(message, body);
                return (message, null);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // What is wrong is found below: it may be JSON with a name twice, with a text that is none, or nested deeper than is read.
        }

        try
        {
            return (null, Replies.Error(Outline.Of(body).Id, (int)McpErrorCode.InvalidRequest, "This is JSON, but no message of JSON-RPC 2.0 that can be read: jsonrpc, id and method are needed, each name once, and at most 64 levels."));
        }
        catch (JsonException e)
        {
            return (null, Replies.Error(null, (int)McpErrorCode.ParseError, $"This is no JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})."));
        }
    }

    /// <summary>Reads an array of messages.</summary>
    /// <param name="body">The array.</param>
    /// <param name="most">Most of them.</param>
    /// <returns>Their bytes, or the error that answers the whole.</returns>
    public static (IReadOnlyList<byte[]> Parts, byte[]? Error) Split(ReadOnlyMemory<byte> body, int most)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var count = document.RootElement.GetArrayLength();
            if (count == 0 || count > most) return ([], Replies.Error(null, (int)McpErrorCode.InvalidRequest, $"A batch has 1 to {most} messages; this one has {count}."));
            return ([.. document.RootElement.EnumerateArray().Select(static e => System.Text.Encoding.UTF8.GetBytes(e.GetRawText()))], null);
        }
        catch (JsonException e)
        {
            return ([], Replies.Error(null, (int)McpErrorCode.ParseError, $"This is no JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})."));
        }
    }

    /// <summary>An array of messages.</summary>
    public static byte[] Join(IReadOnlyList<byte[]> parts)
    {
        using var whole = new MemoryStream();
        foreach (var part in parts)
        {
            whole.WriteByte(whole.Length == 0 ? (byte)'[' : (byte)',');
            whole.Write(part, 0, part.Length);
        }

        whole.WriteByte((byte)']');
        return whole.ToArray();
    }
}
