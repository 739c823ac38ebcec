using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mimir.Configuration.Tests.Support;

/// <summary>The keywords of JSON Schema 2020-12 that the generated schemas use, and no other: an unknown keyword fails the test.</summary>
internal sealed class MiniSchema(JsonElement root)
{
    public static MiniSchema Parse(string text) => new(JsonDocument.Parse(text).RootElement);

    public bool Accepts(string json) => Accepts(
        root,
        JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }).RootElement);

    public bool AcceptsAs(string definition, string json) => Accepts(root.GetProperty("$defs").GetProperty(definition), JsonDocument.Parse(json).RootElement);

    private static bool IsType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && decimal.IsInteger(value.GetDecimal()),
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => throw new InvalidOperationException($"Unknown type {type}."),
    };

    private bool Accepts(JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.GetBoolean();
        }

        return schema.EnumerateObject().All(keyword => Accepts(schema, keyword, value));
    }

    private bool Accepts(JsonElement schema, JsonProperty keyword, JsonElement value)
    {
        var k = keyword.Value;
        var isObject = value.ValueKind == JsonValueKind.Object;
        var isArray = value.ValueKind == JsonValueKind.Array;
        var isText = value.ValueKind == JsonValueKind.String;
        var isNumber = value.ValueKind == JsonValueKind.Number;
        return keyword.Name switch
        {
            "$schema" or "title" or "description" or "default" or "deprecated" or "$defs" => true,
            "$ref" => Accepts(root.GetProperty("$defs").GetProperty(k.GetString()!["#/$defs/".Length..]), value),
            "type" => k.ValueKind == JsonValueKind.String ? IsType(k.GetString()!, value) : k.EnumerateArray().Any(type => IsType(type.GetString()!, value)),
            "enum" => isText && k.EnumerateArray().Any(word => word.GetString() == value.GetString()),
            "anyOf" => k.EnumerateArray().Any(one => Accepts(one, value)),
            "oneOf" => k.EnumerateArray().Count(one => Accepts(one, value)) == 1,
            "required" => !isObject || k.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "properties" => !isObject || value.EnumerateObject().All(member => !k.TryGetProperty(member.Name, out var inner) || Accepts(inner, member.Value)),
            "additionalProperties" => !isObject || value.EnumerateObject()
                .Where(member => !(schema.TryGetProperty("properties", out var known) && known.TryGetProperty(member.Name, out _)))
                .All(member => Accepts(k, member.Value)),
            "propertyNames" => !isObject || value.EnumerateObject().All(member => Accepts(k, JsonSerializer.SerializeToElement(member.Name))),
            "maxProperties" => !isObject || value.EnumerateObject().Count() <= k.GetInt32(),
            "items" => !isArray || value.EnumerateArray().All(item => Accepts(k, item)),
            "minItems" => !isArray || value.GetArrayLength() >= k.GetInt32(),
            "maxItems" => !isArray || value.GetArrayLength() <= k.GetInt32(),
            "pattern" => !isText || Regex.IsMatch(value.GetString()!, k.GetString()!, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)),
            "minLength" => !isText || value.GetString()!.Length >= k.GetInt32(),
            "maxLength" => !isText || value.GetString()!.Length <= k.GetInt32(),
            "minimum" => !isNumber || value.GetDecimal() >= k.GetDecimal(),
            "maximum" => !isNumber || value.GetDecimal() <= k.GetDecimal(),
            _ => throw new InvalidOperationException($"Unknown keyword {keyword.Name}."),
        };
    }
}
