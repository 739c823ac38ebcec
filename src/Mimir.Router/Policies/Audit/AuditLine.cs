using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Router.Policies.Audit;

/// <summary>
/// Writes records as JSON, in ASCII alone: whatever a client calls itself or a tool, a record is one line, and every text in it has a
/// bound. For one thread at a time.
/// </summary>
/// <param name="run">The short name of this process.</param>
internal sealed class AuditLine(string run)
{
    private const int MostName = 256;
    private const int MostText = 1024;
    private readonly ArrayBufferWriter<byte> _body = new(1024);
    private readonly byte[] _run = Encoding.UTF8.GetBytes(run);
    private ReadOnlyMemory<byte> _client;
    private string? _clientText;
    private Utf8JsonWriter? _json;

    /// <summary>Writes a record without what chains it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="seq">Its number.</param>
    /// <returns>The object without its closing brace; good until the next.</returns>
    public ReadOnlySpan<byte> Write(TrailRecord record, long seq)
    {
        _body.Clear();
        var json = _json ??= new Utf8JsonWriter(_body);
        json.Reset(_body);
        json.WriteStartObject();
        json.WriteNumber("seq"u8, seq);
        Span<byte> time = stackalloc byte[32];
        record.At.UtcDateTime.TryFormat(time, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        json.WriteString("ts"u8, time[..length]);
        if (record is CallRecord call)
        {
            Write(json, call);
        }
        else
        {
            Write(json, (ChangeRecord)record);
        }

        json.WriteEndObject();
        json.Flush();
        return _body.WrittenSpan[..^1];
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> key, string? text, int most)
    {
        if (text is not null)
        {
            json.WriteString(key, text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "\u2026"));
        }
    }

    /// <summary>The inside of a JSON string as text. One that was cut in the middle of an escape, or holds half a surrogate pair, is shown as it stands.</summary>
    private static string Decode(ReadOnlySpan<byte> inside)
    {
        try
        {
            return Encoding.UTF8.GetString(JsonText.Decode(inside));
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(inside);
        }
    }

    private static string Word(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Ok => "ok",
        CallOutcome.ToolError => "tool_error",
        CallOutcome.InputRequired => "input_required",
        CallOutcome.Task => "task",
        CallOutcome.Error => "error",
        CallOutcome.Lost => "lost",
        CallOutcome.Canceled => "canceled",
        _ => "unknown",
    };

    /// <summary><c>name/version</c> as the client says; null when it says nothing that can be read.</summary>
    private static string? ClientOf(ReadOnlyMemory<byte> info)
    {
        if (info.IsEmpty)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(info, new JsonDocumentOptions { MaxDepth = EnvelopeScanner.MostDepth });
            return document.RootElement is { ValueKind: JsonValueKind.Object } client ? $"{Member(client, "name")}/{Member(client, "version")}" : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Member(JsonElement client, string name) =>
        client.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { } value
            ? value.Length <= MostName / 2 ? value : value[..(MostName / 2)]
            : "";

    /// <summary>Writes the inside of a JSON string. Plain names, which most are, are not made strings of first.</summary>
    private static void Inside(Utf8JsonWriter json, ReadOnlySpan<byte> key, ReadOnlySpan<byte> inside)
    {
        if (inside.Length <= MostName && Ascii.IsValid(inside) && !inside.Contains((byte)'\\'))
        {
            json.WriteString(key, inside);
        }
        else
        {
            Text(json, key, Decode(inside), MostName);
        }
    }

    /// <summary>As <see cref="ClientOf"/>; who calls once mostly calls again.</summary>
    private string? Client(ReadOnlyMemory<byte> info)
    {
        if (!info.Equals(_client))
        {
            (_client, _clientText) = (info, ClientOf(info));
        }

        return _clientText;
    }

    private void Write(Utf8JsonWriter json, CallRecord call)
    {
        json.WriteString("kind"u8, "call"u8);
        Text(json, "client"u8, Client(call.Client), MostName + 1);
        Span<byte> session = stackalloc byte[64];
        Utf8.TryWrite(session, CultureInfo.InvariantCulture, $"{run}.{call.Session}", out var sessionLength);
        json.WriteString("session"u8, call.Session == 0 ? _run : session[..sessionLength]);
        Text(json, "namespace"u8, call.Namespace, MostName);
        json.WriteString("transport"u8, call.Transport);
        Text(json, "revision"u8, call.Revision?.Name, MostName);
        json.WriteString("method"u8, call.Method == McpMethod.Unknown ? "other" : McpMethods.NameOf(call.Method));
        Text(json, "server"u8, call.Server, MostName);
        if (call.Name is { } name)
        {
            Text(json, "name"u8, name, MostName);
        }
        else
        {
            Inside(json, "name"u8, call.RawName.IsEmpty ? call.As.Span : call.RawName.Span);
        }

        Inside(json, "as"u8, call.As.Span);
        json.WriteString("decision"u8, call.Objection is null ? "allow"u8 : "deny"u8);
        Text(json, "reason"u8, call.Objection, MostName);
        json.WriteString("outcome"u8, Word(call.Outcome));
        if (call.Code != 0)
        {
            json.WriteNumber("code"u8, call.Code);
        }

        json.WriteNumber("ms"u8, Math.Round(Math.Max(0, call.Took.TotalMilliseconds), 1));
        json.WriteNumber("in"u8, call.BytesIn);
        json.WriteNumber("out"u8, call.BytesOut);
        if (call.HasDigest)
        {
            Span<byte> digest = stackalloc byte[32];
            call.Digest.TryFormat(digest, out _, "x32", CultureInfo.InvariantCulture);
            json.WriteString("args"u8, digest);
        }

        json.WriteNumber("attempts"u8, call.Attempts);
    }

    private void Write(Utf8JsonWriter json, ChangeRecord change)
    {
        json.WriteString("kind"u8, "change"u8);
        json.WriteString("session"u8, run);
        json.WriteString("change"u8, change.Change);
        Text(json, "server"u8, change.Server, MostName);
        Text(json, "name"u8, change.Name, MostName);
        Text(json, "detail"u8, change.Detail, MostText);
        Text(json, "before"u8, change.Before, MostName);
        Text(json, "after"u8, change.After, MostName);
        if (change.Count != 0)
        {
            json.WriteNumber("count"u8, change.Count);
        }
    }
}
