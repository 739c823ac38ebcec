using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Views;

/// <summary>Writes the JSON that commands print: indented, readable letters, nothing hostile to a terminal in it.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes a text of what a writer is told.</summary>
    /// <param name="write">Tells it.</param>
    /// <param name="indented">Whether for people; else one line.</param>
    public static string Build(Action<Utf8JsonWriter> write, bool indented = true)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options with { Indented = indented }))
        {
            write(writer);
        }

        return SafeText.Json(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    /// <summary>Writes a value from outside with every number and unknown member as it is; only white space and escapes change.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static void WriteForeign(Utf8JsonWriter writer, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        WriteForeign(writer, document.RootElement);
    }

    /// <inheritdoc cref="WriteForeign(Utf8JsonWriter, ReadOnlyMemory{byte})"/>
    public static void WriteForeign(Utf8JsonWriter writer, JsonElement value)
    {
        if (HasReadableNames(value))
        {
            Copy(writer, value);
        }
        else
        {
            // No string may hold them as they stand, so these are white space between tokens.
            writer.WriteRawValue(value.GetRawText().Replace('\r', ' ').Replace('\t', ' '), skipInputValidation: true);
        }
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Copy(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Copy(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }

    /// <summary>
    /// Whether every name in it is text. Half a surrogate pair is legal in JSON and no text in .NET: as a value it is copied raw, but
    /// no writer takes raw names, and to look a member up beside such a name throws.
    /// </summary>
    public static bool HasReadableNames(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    try
                    {
                        _ = member.Name;
                    }
                    catch (InvalidOperationException)
                    {
                        return false;
                    }

                    if (!HasReadableNames(member.Value))
                    {
                        return false;
                    }
                }

                return true;
            case JsonValueKind.Array:
                return value.EnumerateArray().All(HasReadableNames);
            default:
                return true;
        }
    }
}
