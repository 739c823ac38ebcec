using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads a value of any kind as compact JSON: texts with their variables, numbers as they are written.</summary>
internal static class JsonValue
{
    /// <summary>Most bytes of one value.</summary>
    public const int MostBytes = 64 << 10;

    /// <summary>Deepest nesting of one.</summary>
    public const int MostDepth = 32;

    /// <summary>Reads one.</summary>
    public static Setting<string> Of(KeySpec spec, ConfigNode node, ValueReader values, IssueList issues)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            if (!TryWrite(json, spec, node, values, issues, 1))
            {
                return new Setting<string>(node);
            }
        }

        if (output.WrittenCount > MostBytes)
        {
            issues.Error(node, $"has {output.WrittenCount} bytes", $"Write at most {MostBytes}");
            return new Setting<string>(node);
        }

        return new Setting<string>(Encoding.UTF8.GetString(output.WrittenSpan), node, isSecret: true);
    }

    private static bool TryWrite(Utf8JsonWriter json, KeySpec spec, ConfigNode node, ValueReader values, IssueList issues, int depth)
    {
        if (depth > MostDepth)
        {
            issues.Error(node, "is nested too deep", $"Write at most {MostDepth} objects or arrays in one another");
            return false;
        }

        switch (node.Kind)
        {
            case ConfigKind.Object:
                json.WriteStartObject();
                foreach (var member in node.Members)
                {
                    json.WritePropertyName(member.Name);
                    if (!TryWrite(json, spec, member.Value, values, issues, depth + 1))
                    {
                        return false;
                    }
                }

                json.WriteEndObject();
                return true;
            case ConfigKind.Array:
                json.WriteStartArray();
                foreach (var item in node.Items)
                {
                    if (!TryWrite(json, spec, item, values, issues, depth + 1))
                    {
                        return false;
                    }
                }

                json.WriteEndArray();
                return true;
            case ConfigKind.String:
                var text = values.Entry(node, spec);
                json.WriteStringValue(text.Or(""));
                return text.HasValue;
            case ConfigKind.Number when !IsNumber(node.Text):
                issues.Error(node, $"{Legible.Text(node.Text)} is no number that JSON has", "Write it with digits, a point and an exponent only, or as a text in quotes");
                return false;
            case ConfigKind.Null:
                json.WriteNullValue();
                return true;
            default:
                json.WriteRawValue(node.Text);
                return true;
        }
    }

    private static bool IsNumber(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
