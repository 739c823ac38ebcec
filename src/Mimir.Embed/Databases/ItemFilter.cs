using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mimir.Embed.Databases;

/// <summary>
/// A condition on an item: <c>member=value</c>. The member is one of the item's own, as its JSON names it, or in another case. The value
/// is all that follows the first equals sign: a string is compared letter by letter, a number by what it is worth, and <c>true</c>,
/// <c>false</c> and <c>null</c> are themselves. An item without that member does not meet it, and neither does one whose member is an
/// object or an array.
/// </summary>
internal sealed class ItemFilter
{
    private readonly string _member;
    private readonly string _value;
    private readonly double? _number;

    private ItemFilter(string member, string value)
    {
        _member = member;
        _value = value;
        _number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static ItemFilter Parse(string? text)
    {
        text ??= "";
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? new ItemFilter(text[..at].Trim(), text[(at + 1)..]) : throw new ArgumentException($"'{text}' is no filter: write member=value, e.g. team=red.");
    }

    /// <summary>Whether an item meets it.</summary>
    public bool Meets(JsonNode? item)
    {
        if (item is not JsonObject members) return false;
        if (!members.TryGetPropertyValue(_member, out var member))
        {
            var near = members.FirstOrDefault(m => string.Equals(m.Key, _member, StringComparison.OrdinalIgnoreCase));
            if (near.Key is null) return false;
            member = near.Value;
        }

        if (member is null) return _value == "null";
        if (member is not JsonValue value) return false;
        return value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>() == _value,
            JsonValueKind.True => _value == "true",
            JsonValueKind.False => _value == "false",
            JsonValueKind.Number => _number is { } number && Same(value, number),
            _ => false,
        };
    }

    /// <summary>Whole numbers beyond what a double tells apart are the same only when they are written the same.</summary>
    private bool Same(JsonValue value, double number)
    {
        var written = value.ToJsonString();
        return written == _value || (Math.Abs(number) < 1e15 && double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var own) && own.Equals(number));
    }
}
