using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Setup;

/// <summary>Answers of the tools that set things up: an object, as text and as structured content.</summary>
internal static class SetupReply
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object.</summary>
    /// <param name="write">Writes its members.</param>
    /// <param name="isError">Whether the tool could not do its work.</param>
    public static CallToolResult Of(Action<Utf8JsonWriter> write, bool isError = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return new CallToolResult
        {
            IsError = isError,
            Content = [new TextContentBlock { Text = Encoding.UTF8.GetString(buffer.WrittenSpan) }],
            StructuredContent = document.RootElement.Clone(),
        };
    }

    /// <summary>That something could not be done: <c>{"ok":false,"error":...}</c>.</summary>
    public static CallToolResult Refused(string error, Action<Utf8JsonWriter>? more = null) => Of(
        json =>
        {
            json.WriteBoolean("ok", false);
            json.WriteString("error", error);
            more?.Invoke(json);
        },
        isError: true);

    /// <summary>Writes a list of strings.</summary>
    public static void List(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
