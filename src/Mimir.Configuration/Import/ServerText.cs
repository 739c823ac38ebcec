using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Import;

/// <summary>Writes a server as the file of its own that people may go on editing.</summary>
internal static class ServerText
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole file.</summary>
    public static byte[] Write(ConfigNode entry)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Options))
        {
            Write(json, entry);
        }

        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Whether two say the same, in whatever order their keys stand.</summary>
    public static bool IsSame(ConfigNode one, ConfigNode other) =>
        one.Kind == other.Kind
        && one.Text == other.Text
        && one.Items.Length == other.Items.Length
        && one.Members.Length == other.Members.Length
        && one.Items.Zip(other.Items).All(pair => IsSame(pair.First, pair.Second))
        && one.Members.All(member => other.Find(member.Name) is { } found && IsSame(member.Value, found.Value));

    private static void Write(Utf8JsonWriter json, ConfigNode node)
    {
        switch (node.Kind)
        {
            case ConfigKind.Object:
                json.WriteStartObject();
                foreach (var member in node.Members)
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case ConfigKind.Array:
                json.WriteStartArray();
                foreach (var item in node.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case ConfigKind.String:
                json.WriteStringValue(node.Text);
                break;
            case ConfigKind.Null:
                json.WriteNullValue();
                break;
            default:
                json.WriteRawValue(node.Text);
                break;
        }
    }
}
