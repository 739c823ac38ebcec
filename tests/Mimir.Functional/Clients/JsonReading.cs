using System.Text.Json;

namespace Mimir.Functional.Clients;

/// <summary>Reading JSON whose shape is not known to be right.</summary>
internal static class JsonReading
{
    /// <summary>The member at a path of names, undefined when any of them is missing.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return default;
        }

        return element;
    }

    /// <summary>A string's text, null for anything else.</summary>
    public static string? Str(this JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    /// <summary>The names of the entries of a list.</summary>
    public static string[] Names(this JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(e => e.At("name").Str() ?? "?")] : [];
}
