using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json;
using Mimir.Embed.Attributes;

namespace Mimir.Embed.Binding;

/// <summary>Makes values of arguments: the same on every machine, whatever its language. Numbers may be given as text, and words of enums in any case.</summary>
internal static class ValueReader
{
    /// <summary>Deepest nesting that is read.</summary>
    private const int MaxDepth = 32;

    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    /// <summary>Reads one argument.</summary>
    /// <param name="parameter">What is expected.</param>
    /// <param name="given">What is given; null when nothing is.</param>
    /// <exception cref="BindingException">It is not what is expected.</exception>
    public static object? Read(ToolParameter parameter, JsonElement? given)
    {
        if (given is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value)
        {
            return !parameter.IsRequired ? parameter.Default
                : IsNullable(parameter.Type) && given is not null ? null
                : throw new BindingException($"Parameter '{parameter.Name}' is required.");
        }

        var read = Read(value, parameter.Type, $"Parameter '{parameter.Name}'", 0);
        if (parameter.Rules is { } rules) Check(parameter, rules, read);
        return read;
    }

    private static object? Read(JsonElement value, Type type, string place, int depth)
    {
        if (depth > MaxDepth) throw new BindingException($"{place} is nested deeper than {MaxDepth}.");
        if (value.ValueKind == JsonValueKind.Null) return IsNullable(type) ? null : throw Wrong(place, type);
        var shape = TypeShape.Of(type);
        return shape.Kind switch
        {
            ShapeKind.Text => Text(value, shape.Type, place),
            ShapeKind.Flag => value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.String when bool.TryParse(value.GetString(), out var flag) => flag,
                _ => throw Wrong(place, type),
            },
            ShapeKind.Integer or ShapeKind.Number => Number(value, shape.Type, place),
            ShapeKind.Enum => Enumerated(value, shape.Type, place),
            ShapeKind.List => List(value, shape, place, depth),
            ShapeKind.Map => Map(value, shape, place, depth),
            ShapeKind.Record => Record(value, shape, place, depth),
            _ => Any(value, shape.Type),
        };
    }

    private static object Any(JsonElement value, Type type) =>
        type == typeof(JsonElement) ? value.Clone()
        : type == typeof(object) ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => value.Clone(),
        }
        : JsonNode.Parse(value.GetRawText())!;

    private static object Text(JsonElement value, Type type, string place)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : type == typeof(string) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : throw Wrong(place, type);
        if (type == typeof(string)) return text;
        if (type == typeof(char) && text.Length == 1) return text[0];
        if (type == typeof(Guid) && Guid.TryParse(text, out var guid)) return guid;
        if (type == typeof(DateTimeOffset) && DateTimeOffset.TryParse(text, s_culture, DateTimeStyles.AssumeUniversal, out var moment)) return moment;
        if (type == typeof(DateTime) && DateTime.TryParse(text, s_culture, DateTimeStyles.RoundtripKind, out var time)) return time;
        if (type == typeof(TimeSpan) && TimeSpan.TryParse(text, s_culture, out var span)) return span;
        if (type == typeof(Uri) && Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri)) return uri;
        if (type == typeof(byte[]) && value.TryGetBytesFromBase64(out var bytes)) return bytes;
        throw Wrong(place, type);
    }

    private static object Number(JsonElement value, Type type, string place)
    {
        decimal exact = 0;
        double near = 0;
        var isExact = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDecimal(out exact) || (value.TryGetDouble(out near) && false),
            JsonValueKind.String => decimal.TryParse(value.GetString(), NumberStyles.Float, s_culture, out exact)
                || (double.TryParse(value.GetString(), NumberStyles.Float, s_culture, out near) ? false : throw Wrong(place, type)),
            _ => throw Wrong(place, type),
        };
        if (!isExact && (double.IsNaN(near) || double.IsInfinity(near))) throw Wrong(place, type);
        try
        {
            if (type == typeof(double)) return isExact ? (double)exact : near;
            if (type == typeof(float)) return (float)(isExact ? (double)exact : near) is var small && !float.IsInfinity(small) ? small : throw Wrong(place, type);
            if (!isExact || (type != typeof(decimal) && decimal.Truncate(exact) != exact)) throw Wrong(place, type);
            return Convert.ChangeType(exact, type, s_culture);
        }
        catch (OverflowException)
        {
            throw Wrong(place, type);
        }
    }

    private static object Enumerated(JsonElement value, Type type, string place)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            var word = value.GetString()!;
            if (Enum.GetNames(type).FirstOrDefault(n => string.Equals(n, word, StringComparison.OrdinalIgnoreCase)) is { } name) return Enum.Parse(type, name);
        }
        else if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && Enum.ToObject(type, number) is var member && Enum.IsDefined(type, member) && Enum.Format(type, member, "D") == number.ToString(s_culture))
        {
            return member;
        }

        throw new BindingException($"{place} is none of {string.Join(", ", Enum.GetNames(type))}.");
    }

    private static object List(JsonElement value, TypeShape shape, string place, int depth)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(place, shape.Type);
        var element = shape.Element!;
        var items = value.EnumerateArray().Select((item, i) => Read(item, element, $"{place}[{i.ToString(s_culture)}]", depth + 1)).ToList();
        var array = Lists.Array(element, items);
        return shape.Type.IsInstanceOfType(array) ? array : Lists.Of(shape.Type, array) ?? throw new BindingException($"{place}: {shape.Type.Name} cannot be made of an array.");
    }

    private static object Map(JsonElement value, TypeShape shape, string place, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(place, shape.Type);
        var map = Lists.Map(shape.Type, shape.Element!) ?? throw new BindingException($"{place}: {shape.Type.Name} cannot be made of an object.");
        foreach (var member in value.EnumerateObject()) map[member.Name] = Read(member.Value, shape.Element!, $"{place}.{member.Name}", depth + 1);
        return map;
    }

    private static object Record(JsonElement value, TypeShape shape, string place, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(place, shape.Type);
        var given = new Dictionary<ShapeMember, object?>();
        foreach (var member in value.EnumerateObject())
        {
            var known = shape.Members.FirstOrDefault(m => m.IsTaken && m.Name == member.Name)
                ?? shape.Members.FirstOrDefault(m => m.IsTaken && string.Equals(m.Name, member.Name, StringComparison.OrdinalIgnoreCase));
            if (known is not null) given[known] = Read(member.Value, known.Type, $"{place}.{member.Name}", depth + 1);
        }

        var missing = shape.Members.FirstOrDefault(m => m.IsRequired && !given.ContainsKey(m));
        if (missing is not null) throw new BindingException($"{place}.{missing.Name} is required.");
        var made = Make(shape, given, place);
        foreach (var (member, item) in given)
        {
            if (member.Parameter is null) member.Set(made, item);
        }

        return made;
    }

    private static object Make(TypeShape shape, Dictionary<ShapeMember, object?> given, string place)
    {
        try
        {
            if (shape.Constructor is not { } constructor) return Activator.CreateInstance(shape.Type)!;
            return constructor.Invoke([.. constructor.GetParameters().Select(p =>
                shape.Members.FirstOrDefault(m => m.Parameter == p) is { } member && given.TryGetValue(member, out var item) ? item
                : p.HasDefaultValue ? p.DefaultValue
                : null)]);
        }
        catch (TargetInvocationException e) when (e.InnerException is ArgumentException wrong)
        {
            throw new BindingException($"{place}: {wrong.Message}");
        }
        catch (MissingMethodException)
        {
            throw new BindingException($"{place}: {shape.Type.Name} cannot be made of an object.");
        }
    }

    private static void Check(ToolParameter parameter, McpToolParamAttribute rules, object? value)
    {
        if (value is IConvertible number && TypeShape.Of(parameter.Type).Kind is ShapeKind.Integer or ShapeKind.Number)
        {
            var d = ((IConvertible)value!).ToDouble(s_culture);
            if (d < rules.Minimum) throw new BindingException($"Parameter '{parameter.Name}' is less than {rules.Minimum.ToString(s_culture)}.");
            if (d > rules.Maximum) throw new BindingException($"Parameter '{parameter.Name}' is more than {rules.Maximum.ToString(s_culture)}.");
        }

        var length = value switch { string text => text.Length, ICollection items => items.Count, _ => rules.MinLength };
        if (length < rules.MinLength) throw new BindingException($"Parameter '{parameter.Name}' is shorter than {rules.MinLength}.");
        if (length > rules.MaxLength) throw new BindingException($"Parameter '{parameter.Name}' is longer than {rules.MaxLength}.");
        if (rules.Choices is { Length: > 0 } choices && value is string word && !choices.Contains(word, StringComparer.Ordinal))
        {
            throw new BindingException($"Parameter '{parameter.Name}' is none of {string.Join(", ", choices)}.");
        }
    }

    private static bool IsNullable(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    private static BindingException Wrong(string place, Type type) => new($"{place} could not be converted to {SchemaWriter.Word(type)}.");
}
