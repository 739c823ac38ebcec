using System.Buffers;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Bridging;

/// <summary>A task that a modern server made of a legacy client's call.</summary>
/// <param name="Id">The server's id, inside of a JSON string.</param>
/// <param name="Legacy">The task as 2025-11-25 has it: a JSON object, with the server's id.</param>
internal sealed record MadeTask(byte[] Id, byte[] Legacy)
{
    /// <summary>Takes it from the server's answer.</summary>
    /// <returns>Null when there is none in it.</returns>
    public static MadeTask? Read(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!TaskObject.TryRead(frame, envelope, out var task))
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>(frame.Length);
        TaskWriter.WriteLegacy(frame, task, task.Id.Of(frame), output);
        return new MadeTask(task.Id.Of(frame).ToArray(), output.WrittenSpan.ToArray());
    }

    /// <summary>True for an error that says: only for clients that know tasks (code -32021).</summary>
    public static bool IsDemanded(ReadOnlySpan<byte> frame)
    {
        try
        {
            using var document = JsonDocument.Parse(frame.ToArray(), new JsonDocumentOptions { MaxDepth = 256 });
            return document.RootElement.GetProperty("error"u8).TryGetProperty("data"u8, out var data)
                && data.TryGetProperty("requiredCapabilities"u8, out var required) && required.TryGetProperty("extensions"u8, out var extensions)
                && extensions.TryGetProperty(Handshake.TaskExtension, out _);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The answer to a client that asked for a task.</summary>
    public byte[] ToAnswer() => [.. "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"task\":"u8, .. Legacy, .. "}}"u8];
}
