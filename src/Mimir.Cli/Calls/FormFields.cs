using System.Globalization;
using System.Text.Json;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Mimir.Cli.Calls;

/// <summary>Makes fields of the restricted JSON Schema that questions may use, all its forms since 2025-06-18.</summary>
internal static class FormFields
{
    /// <summary>The fields in the order the server wrote them; empty for a question that only wants consent.</summary>
    public static IReadOnlyList<FormField> From(RequestSchema? schema) =>
        schema?.Properties is not { } properties
            ? []
            : [.. properties.Select(p => Create(p.Key, p.Value, schema.Required?.Contains(p.Key) == true))];

    private static FormField Create(string name, PrimitiveSchemaDefinition schema, bool isRequired)
    {
        var (kind, preset, choices, parse) = Describe(schema);
        return new FormField
        {
            Name = name,
            Label = string.IsNullOrEmpty(schema.Title) ? name : schema.Title,
            Description = string.IsNullOrEmpty(schema.Description) ? null : schema.Description,
            Hint = kind + (preset is { } value ? $", default {Show(value)}" : isRequired ? ", required" : ", optional"),
            IsRequired = isRequired,
            Default = preset,
            Choices = choices,
            Parse = parse,
        };
    }

    private static (string Kind, JsonElement? Preset, IReadOnlyList<FormChoice> Choices, Func<string, (JsonElement?, string?)> Parse) Describe(
        PrimitiveSchemaDefinition schema)
    {
        switch (schema)
        {
            case StringSchema s:
                return (TextAnswer.Hint(s), Element(s.Default), [], text => TextAnswer.Parse(s, text));
            case NumberSchema n:
                var preset = n.Default is { } number ? JsonSerializer.SerializeToElement(number) : (JsonElement?)null;
                return (NumberAnswer.Hint(n), preset, [], text => NumberAnswer.Parse(n, text));
            case BooleanSchema b:
                return ("yes or no", b.Default is { } yes ? JsonSerializer.SerializeToElement(yes) : null, [], ParseBoolean);
            case UntitledSingleSelectEnumSchema e:
                return One([.. e.Enum.Select(v => new FormChoice(v, v))], e.Default);
            case TitledSingleSelectEnumSchema e:
                return One([.. e.OneOf.Select(o => new FormChoice(o.Const, o.Title ?? o.Const))], e.Default);
#pragma warning disable MCP9001 // Deprecated, and still what servers of 2025-06-18 send.
            case LegacyTitledEnumSchema e:
#pragma warning restore MCP9001
                return One([.. e.Enum.Select((v, i) => new FormChoice(v, e.EnumNames is { } t && i < t.Count ? t[i] : v))], e.Default);
            case UntitledMultiSelectEnumSchema e:
                return Several([.. e.Items.Enum.Select(v => new FormChoice(v, v))], e.Default, e.MinItems, e.MaxItems);
            case TitledMultiSelectEnumSchema e:
                return Several([.. e.Items.AnyOf.Select(o => new FormChoice(o.Const, o.Title ?? o.Const))], e.Default, e.MinItems, e.MaxItems);
            default:
                return ("text", null, [], text => (JsonSerializer.SerializeToElement(text), null));
        }
    }

    private static (string, JsonElement?, IReadOnlyList<FormChoice>, Func<string, (JsonElement?, string?)>) One(
        List<FormChoice> choices, string? preset) =>
        ("one of them", Element(preset), choices, text => ChoiceAnswer.ParseOne(choices, text));

    private static (string, JsonElement?, IReadOnlyList<FormChoice>, Func<string, (JsonElement?, string?)>) Several(
        List<FormChoice> choices, IList<string>? preset, int? least, int? most) =>
        (ChoiceAnswer.HintSeveral(least, most),
            preset is null ? null : JsonSerializer.SerializeToElement(preset),
            choices,
            text => ChoiceAnswer.ParseSeveral(choices, text, least, most));

    private static (JsonElement?, string?) ParseBoolean(string text) => text.Trim().ToUpperInvariant() switch
    {
        "Y" or "YES" or "TRUE" or "1" => (JsonSerializer.SerializeToElement(true), null),
        "N" or "NO" or "FALSE" or "0" => (JsonSerializer.SerializeToElement(false), null),
        _ => (null, "answer yes or no"),
    };

    private static JsonElement? Element(string? text) => text is null ? null : JsonSerializer.SerializeToElement(text);

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(v => v.ToString())),
        _ => value.ToString(),
    };
}
