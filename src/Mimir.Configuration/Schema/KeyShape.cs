using System.Text.Json;
using Mimir.Configuration.Keys;

namespace Mimir.Configuration.Schema;

/// <summary>Writes what a key's value may look like.</summary>
internal static class KeyShape
{
    /// <summary>Writes the keywords into the open object of the key.</summary>
    public static void Write(Utf8JsonWriter json, KeySpec spec)
    {
        switch (spec.Type)
        {
            case KeyType.Text when spec.Pattern is not null:
                OrExpansion(json, () =>
                {
                    json.WriteString("type", "string");
                    json.WriteString("pattern", spec.Pattern);
                });
                break;
            case KeyType.Text:
                json.WriteString("type", "string");
                json.WriteNumber("minLength", spec.Min);
                break;
            case KeyType.TextList:
                json.WriteString("type", "array");
                json.WriteNumber("maxItems", spec.Max);
                Refer(json, "items", "text");
                break;
            case KeyType.TextMap:
                json.WriteString("type", "object");
                json.WriteNumber("maxProperties", spec.Max);
                Refer(json, "additionalProperties", "text");
                break;
            case KeyType.Values:
                json.WriteString("type", "object");
                json.WriteNumber("maxProperties", spec.Max);
                break;
            case KeyType.Flag:
                OrExpansion(json, () => json.WriteString("type", "boolean"));
                break;
            case KeyType.Choice:
                OrExpansion(json, () => Choices(json, spec));
                break;
            case KeyType.Duration:
                OrExpansion(json, () => Number(json, spec, 1000m), () => Units(json, @"^[0-9]+(\.[0-9]+)?(ms|s|m|h)$", spec));
                break;
            case KeyType.Size:
                OrExpansion(json, () => Number(json, spec, 1m), () => Units(json, "^[0-9]+(KiB|MiB|GiB)?$", spec));
                break;
            case KeyType.Count:
                OrExpansion(json, () => Number(json, spec, 1m));
                break;
            case KeyType.Number:
                OrExpansion(json, () => Number(json, spec, 1m));
                break;
            case KeyType.TextOrList:
                TextOrList(json, spec);
                break;
            case KeyType.GroupList:
                json.WriteString("type", "array");
                json.WriteNumber("maxItems", spec.Max);
                Refer(json, "items", spec.Group!.Definition);
                break;
            case KeyType.GroupMap:
                Named(json, spec.Group!.Definition);
                break;
            case KeyType.Group:
                json.WriteString("$ref", $"#/$defs/{spec.Group!.Definition}");
                break;
            default:
                Named(json, "server");
                break;
        }
    }

    private static void OrExpansion(Utf8JsonWriter json, params ReadOnlySpan<Action> shapes)
    {
        json.WriteStartArray("anyOf");
        foreach (var shape in shapes)
        {
            json.WriteStartObject();
            shape();
            json.WriteEndObject();
        }

        json.WriteStartObject();
        json.WriteString("$ref", "#/$defs/expansion");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Choices(Utf8JsonWriter json, KeySpec spec)
    {
        json.WriteStartArray("enum");
        foreach (var choice in spec.Choices)
        {
            json.WriteStringValue(choice);
        }

        foreach (var (written, _) in spec.Spellings)
        {
            json.WriteStringValue(written);
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, KeySpec spec, decimal unit)
    {
        json.WriteString("type", spec.Type is KeyType.Duration or KeyType.Number ? "number" : "integer");
        json.WriteNumber("minimum", spec.Min / unit);
        json.WriteNumber("maximum", spec.Max / unit);
    }

    private static void Units(Utf8JsonWriter json, string pattern, KeySpec spec)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", pattern);
        json.WriteString("description", $"{spec.Bounds}.");
    }

    private static void Refer(Utf8JsonWriter json, string keyword, string definition)
    {
        json.WriteStartObject(keyword);
        json.WriteString("$ref", $"#/$defs/{definition}");
        json.WriteEndObject();
    }

    private static void TextOrList(Utf8JsonWriter json, KeySpec spec)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        json.WriteString("type", "string");
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type", "array");
        json.WriteNumber("minItems", spec.Min);
        json.WriteNumber("maxItems", spec.Max);
        Refer(json, "items", "text");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>An object whose members are named as servers and clusters are.</summary>
    private static void Named(Utf8JsonWriter json, string definition)
    {
        json.WriteString("type", "object");
        json.WriteStartObject("propertyNames");
        json.WriteNumber("minLength", 1);
        json.WriteNumber("maxLength", 64);
        json.WriteString("pattern", @"^[^/\\]+$");
        json.WriteEndObject();
        Refer(json, "additionalProperties", definition);
    }
}
