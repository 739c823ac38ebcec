using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Http;

/// <summary>Whole answers.</summary>
internal static class Replies
{
    private const string Json = "application/json";

    /// <summary>Refuses a request, and closes its connection: its body may not have been read.</summary>
    public static Task RefuseAsync(HttpListenerResponse response, Refusal refusal, TimeSpan limit)
    {
        response.KeepAlive = false;
        if (refusal.Header is { } header) response.Headers[header] = refusal.HeaderValue;
        return JsonAsync(response, refusal.Status, Write(writer => writer.WriteString("error", refusal.Words)), limit);
    }

    /// <summary>Says something.</summary>
    public static Task MessageAsync(HttpListenerResponse response, string message, TimeSpan limit) =>
        JsonAsync(response, 200, Write(writer => writer.WriteString("message", message)), limit);

    /// <summary>Answers with JSON.</summary>
    public static async Task JsonAsync(HttpListenerResponse response, int status, ReadOnlyMemory<byte> json, TimeSpan limit)
    {
        response.StatusCode = status;
        response.ContentType = Json;
        response.ContentLength64 = json.Length;
        await WriteAsync(response, json, limit).ConfigureAwait(false);
        response.Close();
    }

    /// <summary>Answers without a body.</summary>
    public static void Empty(HttpListenerResponse response, int status)
    {
        response.StatusCode = status;
        response.ContentLength64 = 0;
        response.Close();
    }

    /// <summary>Begins a stream of events.</summary>
    public static void BeginEvents(HttpListenerResponse response)
    {
        response.StatusCode = 200;
        response.ContentType = "text/event-stream";
        response.Headers["Cache-Control"] = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        response.SendChunked = true;
    }

    /// <summary>Writes to a client.</summary>
    /// <exception cref="IOException">It has left, or reads too slowly; its connection is closed then.</exception>
    public static async Task WriteAsync(HttpListenerResponse response, ReadOnlyMemory<byte> bytes, TimeSpan limit)
    {
        try
        {
            await Deadline.WithinAsync(response.OutputStream.WriteAsync(bytes, CancellationToken.None).AsTask(), limit).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not IOException)
        {
            response.Abort();
            throw new IOException("The client has left, or does not read.", e);
        }
    }

    /// <summary>An error of JSON-RPC.</summary>
    /// <param name="id">Which request it answers; null where that is not known.</param>
    /// <param name="code">Its code.</param>
    /// <param name="words">What is wrong.</param>
    /// <param name="data">What else it says.</param>
    public static byte[] Error(RequestId? id, int code, string words, JsonObject? data = null) => Write(writer =>
    {
        writer.WriteString("jsonrpc", "2.0");
        WriteId(writer, id);
        writer.WriteStartObject("error");
        writer.WriteNumber("code", code);
        writer.WriteString("message", words);
        if (data is not null)
        {
            writer.WritePropertyName("data");
            data.WriteTo(writer);
        }

        writer.WriteEndObject();
    });

    /// <summary>How a stream of <c>subscriptions/listen</c> ends when the host ends it.</summary>
    public static byte[] EndOfListen(RequestId id) => Write(writer =>
    {
        writer.WriteString("jsonrpc", "2.0");
        WriteId(writer, id);
        writer.WriteStartObject("result");
        writer.WriteString("resultType", "complete");
        writer.WriteStartObject("_meta");
        WriteId(writer, id, "io.modelcontextprotocol/subscriptionId");
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void WriteId(Utf8JsonWriter writer, RequestId? id, string name = "id")
    {
        switch (id?.Id)
        {
            case string text:
                writer.WriteString(name, text);
                break;
            case long number:
                writer.WriteNumber(name, number);
                break;
            default:
                writer.WriteNull(name);
                break;
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> fill)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            fill(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
