using System.Buffers;
using System.Text.Json;

namespace Mimir.Router.State;

/// <summary>An error made here, before it is bound to a request.</summary>
/// <param name="Code">See <see cref="ErrorCodes"/>.</param>
/// <param name="Message">What went wrong and what to do; no secrets.</param>
/// <param name="Server">The server it concerns, or null.</param>
/// <param name="Retryable">True when the same call may succeed later and certainly did not run.</param>
public sealed record RouterError(int Code, string Message, string? Server = null, bool Retryable = false)
{
    /// <summary>The HTTP status that goes with it while no byte of an answer has been sent. Default 200.</summary>
    public int HttpStatus { get; init; } = 200;

    /// <summary>The HTTP status a server answered with, 0 when that is not what went wrong.</summary>
    public int UpstreamStatus { get; init; }

    /// <summary>
    /// True when the call was taken back from a connection that has broken, or takes no more, and had not begun: to send it again is no load
    /// to anybody. What was refused a connection of its own is none of these.
    /// </summary>
    public bool IsTakenBack { get; init; }

    /// <summary>How long the server asked to be left alone, or how long nothing can come of another attempt; null when nobody said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why the rules denied the call, or that nobody offers what it names; null when something else went wrong. Not sent: for what is kept of the call.</summary>
    public string? Objection { get; init; }

    /// <summary>A JSON object whose members stand in <c>data</c> before source, server and retryable; null for none.</summary>
    public string? Data { get; init; }

    /// <summary>A modern client did not declare what the request needs.</summary>
    /// <param name="required">The JSON object that names it, as a client would declare it.</param>
    /// <param name="message">What needs it.</param>
    public static RouterError MissingCapability(string required, string message = "The server asks for what this client did not declare.") =>
        new(ErrorCodes.MissingCapability, message)
        {
            HttpStatus = 400,
            Data = $"{{\"requiredCapabilities\":{required}}}",
        };

    /// <summary>Writes the whole error message.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="id">The caller's id token; empty for null.</param>
    public void WriteTo(IBufferWriter<byte> output, ReadOnlySpan<byte> id)
    {
        output.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        output.Write(id.IsEmpty ? "null"u8 : id);
        output.Write(",\"error\":"u8);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("code"u8, Code);
            json.WriteString("message"u8, Message);
            json.WriteStartObject("data"u8);
            if (Data is not null)
            {
                using var more = JsonDocument.Parse(Data);
                foreach (var member in more.RootElement.EnumerateObject())
                {
                    member.WriteTo(json);
                }
            }

            json.WriteString("source"u8, "mimir"u8);
            if (Server is not null)
            {
                json.WriteString("server"u8, Server);
            }

            json.WriteBoolean("retryable"u8, Retryable);
            if (RetryAfter is { } pause)
            {
                json.WriteNumber("retryAfterMs"u8, (long)Math.Ceiling(pause.TotalMilliseconds));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.Write("}"u8);
    }

    /// <summary>The whole error message as a frame of its own.</summary>
    public byte[] ToFrame(ReadOnlySpan<byte> id)
    {
        var output = new ArrayBufferWriter<byte>(256);
        WriteTo(output, id);
        return output.WrittenSpan.ToArray();
    }
}
