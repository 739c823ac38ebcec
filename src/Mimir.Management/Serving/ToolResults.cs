using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Serving;

/// <summary>Makes results of tools: an object, as text and as structured content.</summary>
public static class ToolResults
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A result.</summary>
    /// <param name="write">Writes one JSON object.</param>
    public static CallToolResult Of(Action<Utf8JsonWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = Encoding.UTF8.GetString(buffer.WrittenSpan) }],
            StructuredContent = JsonElement.Parse(buffer.WrittenSpan),
        };
    }

    /// <summary>An error of the tool, which a model can read and mend.</summary>
    /// <param name="message">What is wrong and what would help.</param>
    public static CallToolResult Error(string message) => new() { IsError = true, Content = [new TextContentBlock { Text = message }] };
}
