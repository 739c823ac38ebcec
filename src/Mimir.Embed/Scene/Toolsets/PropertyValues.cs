using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Mimir.Embed.Binding;
using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>What types are called, how values are told, and what numbers and words become.</summary>
internal static class PropertyValues
{
    private const int MostItems = 100;
    private const int MostCharacters = 4096;
    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    private static readonly Dictionary<Type, string> s_words = new()
    {
        [typeof(string)] = "string",
        [typeof(bool)] = "boolean",
        [typeof(char)] = "char",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(short)] = "short",
        [typeof(sbyte)] = "sbyte",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(ushort)] = "ushort",
        [typeof(byte)] = "byte",
        [typeof(Vec2)] = "vector2",
        [typeof(Vec3)] = "vector3",
        [typeof(Rgba)] = "color",
    };

    /// <summary>Lists that hold what they tell: anything else might make it up without an end.</summary>
    private static readonly HashSet<Type> s_lists = [typeof(List<>), typeof(IList<>), typeof(IReadOnlyList<>), typeof(ICollection<>), typeof(IReadOnlyCollection<>)];

    /// <summary>The type behind a nullable one.</summary>
    public static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>Whether values of a type are numbers.</summary>
    public static bool IsNumber(Type type) => Plain(type) is { IsEnum: false } plain && Type.GetTypeCode(plain) is >= TypeCode.SByte and <= TypeCode.Decimal;

    /// <summary>What a type is called.</summary>
    public static string Word(Type type) =>
        s_words.TryGetValue(Plain(type), out var word) ? word
        : Plain(type).IsEnum ? $"enum ({Lookup.Listed(Enum.GetNames(Plain(type)))})"
        : Element(type) is { } element ? Word(element) + "[]"
        : type.Name;

    /// <summary>A property with its value, for a client.</summary>
    public static JsonObject Tell(IComponentProperty property)
    {
        var told = new JsonObject { ["name"] = property.Name, ["type"] = Word(property.Type), ["value"] = null, ["writable"] = property.IsWritable && IsSimple(property.Type) };
        if (!IsSimple(property.Type) && Element(property.Type) is null) return told;
        object? value;
        try
        {
            value = property.Read();
        }
        catch (Exception e)
        {
            told["error"] = $"It could not be read: {e.Message}";
            return told;
        }

        if (value is string text)
        {
            told["value"] = text.Length <= MostCharacters ? text : text[..MostCharacters];
            if (text.Length > MostCharacters) told["charactersLeft"] = text.Length - MostCharacters;
        }
        else if (value is IEnumerable items)
        {
            var array = new JsonArray();
            var left = 0;
            foreach (var item in items)
            {
                if (array.Count < MostItems) array.Add(ValueWriter.Write(item is string { Length: > MostCharacters } s ? s[..MostCharacters] : item));
                else left++;
            }

            told["value"] = array;
            if (left > 0) told["itemsLeft"] = left;
        }
        else
        {
            told["value"] = ValueWriter.Write(value);
        }

        return told;
    }

    /// <summary>A value in words.</summary>
    public static string Show(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "true" : "false",
        Vec2 v => FormattableString.Invariant($"({v.X}, {v.Y})"),
        Vec3 v => FormattableString.Invariant($"({v.X}, {v.Y}, {v.Z})"),
        Rgba c => FormattableString.Invariant($"RGBA({c.R}, {c.G}, {c.B}, {c.A})"),
        string { Length: > MostCharacters } text => text[..MostCharacters] + "...",
        _ => Convert.ToString(value, s_culture) ?? "",
    };

    /// <summary>A number of a type.</summary>
    /// <exception cref="ArgumentException">The number is not one of that type.</exception>
    public static object Number(double value, Type type)
    {
        var plain = Plain(type);
        var isWhole = plain != typeof(float) && plain != typeof(double) && plain != typeof(decimal);
        try
        {
            if (isWhole && Math.Truncate(value) != value) throw new ArgumentException($"property_value could not be converted to {Word(type)}: it has a fraction.");
            var number = Convert.ChangeType(value, plain, s_culture);
            if (number is not float single || !float.IsInfinity(single)) return number;
        }
        catch (OverflowException)
        {
            // Told below.
        }

        throw new ArgumentException($"property_value could not be converted to {Word(type)}: it is too large or too small.");
    }

    /// <summary>A word of an enum, in any case.</summary>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static object Named(string word, Type type) =>
        Enum.GetNames(type).FirstOrDefault(n => string.Equals(n, word, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse(type, name)
            : throw new ArgumentException($"property_value is none of {Lookup.Listed(Enum.GetNames(type))}.");

    private static bool IsSimple(Type type) => s_words.ContainsKey(Plain(type)) || Plain(type).IsEnum;

    /// <summary>Of what a type is an array or list, when that is simple; null otherwise.</summary>
    private static Type? Element(Type type)
    {
        var element = type.IsArray && type.GetArrayRank() == 1 ? type.GetElementType()
            : type.IsGenericType && s_lists.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments()[0]
            : null;
        return element is not null && IsSimple(element) ? element : null;
    }
}
