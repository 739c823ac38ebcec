using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json;
using Mimir.Embed.Attributes;

namespace Mimir.Embed.Binding;

/// <summary>Writes the JSON Schema of a tool's parameters.</summary>
internal static class SchemaWriter
{
    /// <summary>Deepest nesting that is told; below it anything is taken for what it is worth.</summary>
    private const int MaxDepth = 8;

    /// <summary>Of all parameters of a tool.</summary>
    public static JsonElement Write(IReadOnlyList<ToolParameter> parameters)
    {
        var properties = new JsonObject();
        foreach (var parameter in parameters) properties[parameter.Name] = One(parameter);
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (parameters.Any(static p => p.IsRequired)) schema["required"] = new JsonArray([.. parameters.Where(static p => p.IsRequired).Select(static p => (JsonNode)p.Name)]);
        return JsonSerializer.SerializeToElement<JsonNode>(schema, NodeJson.Default.JsonNode);
    }

    /// <summary>What a type is called in errors.</summary>
    public static string Word(Type type) => TypeShape.Of(type).Kind switch
    {
        ShapeKind.Text => "string",
        ShapeKind.Flag => "boolean",
        ShapeKind.Integer => "integer",
        ShapeKind.Number => "number",
        ShapeKind.List => "array",
        ShapeKind.Map or ShapeKind.Record => "object",
        _ => type.Name,
    };

    private static JsonObject One(ToolParameter parameter)
    {
        var schema = OfType(parameter.Type, 0);
        if (parameter.Description.Length > 0) schema["description"] = parameter.Description;
        if (parameter.Rules is { } rules) Bound(schema, rules, TypeShape.Of(parameter.Type).Kind);
        if (!parameter.IsRequired && parameter.Default is { } value && value != ToolParameter.Untold && ValueWriter.Write(value) is { } node) schema["default"] = node;
        return schema;
    }

    private static void Bound(JsonObject schema, McpToolParamAttribute rules, ShapeKind kind)
    {
        if (!double.IsInfinity(rules.Minimum)) schema["minimum"] = Plain(rules.Minimum);
        if (!double.IsInfinity(rules.Maximum)) schema["maximum"] = Plain(rules.Maximum);
        if (rules.MinLength > 0) schema[kind == ShapeKind.List ? "minItems" : "minLength"] = rules.MinLength;
        if (rules.MaxLength < int.MaxValue) schema[kind == ShapeKind.List ? "maxItems" : "maxLength"] = rules.MaxLength;
        if (rules.Choices.Length > 0) schema["enum"] = new JsonArray([.. rules.Choices.Select(static c => (JsonNode)c)]);
    }

    private static JsonValue Plain(double value) => value == Math.Truncate(value) && Math.Abs(value) < 1e15 ? JsonValue.Create((long)value) : JsonValue.Create(value);

    private static JsonObject OfType(Type type, int depth)
    {
        var shape = TypeShape.Of(type);
        switch (shape.Kind)
        {
            case ShapeKind.Any:
                return [];
            case ShapeKind.Enum:
                return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(shape.Type).Select(static n => (JsonNode)n)]) };
            case ShapeKind.List:
                return new JsonObject { ["type"] = "array", ["items"] = depth < MaxDepth ? OfType(shape.Element!, depth + 1) : new JsonObject() };
            case ShapeKind.Map:
                return new JsonObject { ["type"] = "object", ["additionalProperties"] = depth < MaxDepth ? OfType(shape.Element!, depth + 1) : new JsonObject() };
            case ShapeKind.Record:
                return Record(shape, depth);
            default:
                var plain = new JsonObject { ["type"] = Word(type) };
                if (shape.Kind == ShapeKind.Integer && shape.Type != typeof(long) && shape.Type != typeof(ulong))
                {
                    plain["minimum"] = Edge(shape.Type, "MinValue");
                    plain["maximum"] = Edge(shape.Type, "MaxValue");
                }

                if (Format(shape.Type) is { } format) plain[format.Key] = format.Value;
                return plain;
        }
    }

    private static JsonObject Record(TypeShape shape, int depth)
    {
        var record = new JsonObject { ["type"] = "object" };
        if (depth >= MaxDepth) return record;
        var properties = new JsonObject();
        foreach (var member in shape.Members.Where(static m => m.IsTaken)) properties[member.Name] = OfType(member.Type, depth + 1);
        record["properties"] = properties;
        if (shape.Members.Any(static m => m.IsRequired)) record["required"] = new JsonArray([.. shape.Members.Where(static m => m.IsRequired).Select(static m => (JsonNode)m.Name)]);
        return record;
    }

    private static JsonValue Edge(Type type, string name) =>
        JsonValue.Create(Convert.ToInt64(type.GetField(name)!.GetValue(null), CultureInfo.InvariantCulture));

    private static KeyValuePair<string, string>? Format(Type type) =>
        type == typeof(Guid) ? new("format", "uuid")
        : type == typeof(DateTime) || type == typeof(DateTimeOffset) ? new("format", "date-time")
        : type == typeof(Uri) ? new("format", "uri")
        : type == typeof(byte[]) ? new("contentEncoding", "base64")
        : null;
}
