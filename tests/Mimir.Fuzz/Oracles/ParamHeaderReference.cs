using System.Text.Json;
using Mimir.Protocol.Headers;

namespace Mimir.Fuzz.Oracles;

/// <summary>The rules of <c>x-mcp-header</c> applied to a document tree, one rule after the other.</summary>
internal sealed class ParamHeaderReference
{
    private static readonly HashSet<string> s_maps = ["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"];

    private static readonly HashSet<string> s_schemas =
    [
        "items", "prefixItems", "additionalItems", "unevaluatedItems", "contains", "additionalProperties", "unevaluatedProperties", "propertyNames",
        "oneOf", "anyOf", "allOf", "not", "if", "then", "else", "contentSchema",
    ];

    private readonly List<(string Name, string[] Path, ParamHeaderType Type)> _found = [];
    private bool _invalid;
    private bool _twice;

    /// <summary>The annotations of a schema; null when they break a rule.</summary>
    public static List<(string Name, string[] Path, ParamHeaderType Type)>? Find(JsonElement schema)
    {
        var reference = new ParamHeaderReference();
        reference.Visit(schema, [], reachable: true);
        var names = reference._found.Select(f => f.Name.ToUpperInvariant()).ToList();
        var invalid = reference._invalid || names.Distinct().Count() != names.Count || (names.Count != 0 && reference._twice);
        return invalid ? null : reference._found;
    }

    /// <summary>The value at a path; null when there is none. Says whether a step stands twice.</summary>
    public static JsonElement? ValueAt(JsonElement arguments, string[] path, ref bool twice)
    {
        var value = arguments;
        foreach (var step in path)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var hits = value.EnumerateObject().Where(p => NameOf(p) == step).ToList();
            twice |= hits.Count > 1;
            if (hits.Count == 0)
            {
                return null;
            }

            value = hits[0].Value;
        }

        return value;
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Visit(JsonElement schema, string[] path, bool reachable)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var keywords = schema.EnumerateObject().Select(p => (Name: NameOf(p), p.Value)).ToList();
        _twice |= keywords.Where(k => k.Name is "x-mcp-header" or "type" or "properties").GroupBy(k => k.Name).Any(g => g.Count() > 1);
        foreach (var (name, value) in keywords.Where(k => k.Name is not null))
        {
            if (s_maps.Contains(name!) && value.ValueKind == JsonValueKind.Object)
            {
                var members = value.EnumerateObject().Select(p => (Name: NameOf(p), p.Value)).ToList();
                _twice |= members.Where(m => m.Name is not null).GroupBy(m => m.Name).Any(g => g.Count() > 1);
                foreach (var (member, child) in members)
                {
                    Visit(child, [.. path, member ?? ""], reachable && name == "properties" && member is not null);
                }
            }
            else if (s_schemas.Contains(name!))
            {
                foreach (var child in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value])
                {
                    Visit(child, path, reachable: false);
                }
            }
        }

        if (keywords.Exists(k => k.Name == "x-mcp-header"))
        {
            Annotate(keywords.Last(k => k.Name == "x-mcp-header").Value, keywords.LastOrDefault(k => k.Name == "type").Value, path, reachable);
        }
    }

    private void Annotate(JsonElement annotation, JsonElement type, string[] path, bool reachable)
    {
        var name = annotation.ValueKind == JsonValueKind.String ? HeaderReference.TextOf(annotation) : null;
        var typeName = type.ValueKind == JsonValueKind.String ? HeaderReference.TextOf(type) : null;
        if (!reachable || path.Length == 0 || string.IsNullOrEmpty(name) || !name.All(IsTokenCharacter) || typeName is not ("string" or "integer" or "boolean"))
        {
            _invalid = true;
            return;
        }

        _found.Add((name, path, Enum.Parse<ParamHeaderType>(typeName, ignoreCase: true)));
    }

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
