using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mimir.Embed.Binding;

/// <summary>Writes values as JSON: what is public in them, in the shapes that arguments are read in.</summary>
internal static class ValueWriter
{
    /// <summary>Deepest nesting that is written; what lies below is left out, and so is a circle.</summary>
    private const int MaxDepth = 16;

    /// <summary>Most objects and lists that are written: what is shared by several is written for each of them, and a few dozen that know each other would have no end.</summary>
    public const int MaxParts = 100_000;

    /// <summary>Writes.</summary>
    /// <returns>The node; null for null.</returns>
    /// <exception cref="InvalidOperationException">It has more than <see cref="MaxParts"/> objects and lists.</exception>
    public static JsonNode? Write(object? value)
    {
        var left = MaxParts;
        return Write(value, [], ref left);
    }

    /// <param name="value">The value.</param>
    /// <param name="above">What it lies in, from the outermost: a value that lies in itself is a circle.</param>
    /// <param name="left">How many more parts may be written.</param>
    private static JsonNode? Write(object? value, List<object> above, ref int left)
    {
        if (value is null || above.Count > MaxDepth) return null;
        switch (value)
        {
            case JsonNode node: return node.DeepClone();
            case JsonElement element: return JsonNode.Parse(element.GetRawText());
            case string text: return JsonValue.Create(text);
            case bool flag: return JsonValue.Create(flag);
            case double d: return double.IsNaN(d) || double.IsInfinity(d) ? null : JsonValue.Create(d);
            case float f: return float.IsNaN(f) || float.IsInfinity(f) ? null : JsonValue.Create(f);
            case decimal exact: return JsonValue.Create(exact);
            case ulong large: return JsonValue.Create(large);
            case Enum word: return JsonValue.Create(word.ToString());
            case byte[] bytes: return JsonValue.Create(Convert.ToBase64String(bytes));
            case DateTime time: return JsonValue.Create(time.ToString("O", CultureInfo.InvariantCulture));
            case DateTimeOffset time: return JsonValue.Create(time.ToString("O", CultureInfo.InvariantCulture));
            case char or Guid or TimeSpan or Uri: return JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture));
            case long or int or short or byte or uint or ushort or sbyte: return JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }

        if (!value.GetType().IsValueType && above.Exists(outer => ReferenceEquals(outer, value))) return null;
        if (left-- == 0) throw new InvalidOperationException($"This has more than {MaxParts} objects and lists, counting what is shared by several for each of them: show less of it, or what refers to others by their ids.");
        above.Add(value);
        var written = WriteParts(value, above, ref left);
        above.RemoveAt(above.Count - 1);
        return written;
    }

    private static JsonNode WriteParts(object value, List<object> above, ref int left)
    {
        var shape = TypeShape.Of(value.GetType());
        if (shape.Kind == ShapeKind.Map && value is IDictionary map)
        {
            var written = new JsonObject();
            foreach (DictionaryEntry entry in map) written[(string)entry.Key] = Write(entry.Value, above, ref left);
            return written;
        }

        if (value is IEnumerable items)
        {
            var array = new JsonArray();
            foreach (var item in items) array.Add(Write(item, above, ref left));
            return array;
        }

        var record = new JsonObject();
        foreach (var member in shape.Members) record[member.Name] = Write(member.Get(value), above, ref left);
        return record;
    }
}
