using System.Collections.Concurrent;
using System.Reflection;

namespace Mimir.Embed.Binding;

/// <summary>What a type looks like in JSON, found out once.</summary>
/// <param name="Type">The type, without <see cref="Nullable{T}"/>.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Element">Of what, for a list or a map.</param>
/// <param name="Members">What is in it, for a record.</param>
/// <param name="Constructor">How it is made, for a record that is made of its members; null when they are set afterwards.</param>
internal sealed record TypeShape(Type Type, ShapeKind Kind, Type? Element, IReadOnlyList<ShapeMember> Members, ConstructorInfo? Constructor)
{
    private static readonly ConcurrentDictionary<Type, TypeShape> s_known = new();

    private static readonly HashSet<Type> s_integers =
    [
        typeof(int), typeof(long), typeof(short), typeof(byte), typeof(uint), typeof(ulong), typeof(ushort), typeof(sbyte),
    ];

    private static readonly HashSet<Type> s_texts = [typeof(string), typeof(char), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Uri), typeof(byte[])];

    /// <summary>Of a type.</summary>
    public static TypeShape Of(Type type) => s_known.GetOrAdd(type, static t => Find(Nullable.GetUnderlyingType(t) ?? t));

    /// <summary>A name as it is written: the first letter small.</summary>
    public static string Written(string name) => name.Length == 0 || char.IsLower(name[0]) ? name : char.ToLowerInvariant(name[0]) + name[1..];

    private static TypeShape Find(Type type)
    {
        TypeShape Plain(ShapeKind kind) => new(type, kind, null, [], null);
        if (s_texts.Contains(type)) return Plain(ShapeKind.Text);
        if (type == typeof(bool)) return Plain(ShapeKind.Flag);
        if (s_integers.Contains(type)) return Plain(ShapeKind.Integer);
        if (type == typeof(double) || type == typeof(float) || type == typeof(decimal)) return Plain(ShapeKind.Number);
        if (type.IsEnum) return Plain(ShapeKind.Enum);
        if (type == typeof(object) || typeof(System.Text.Json.Nodes.JsonNode).IsAssignableFrom(type) || type == typeof(System.Text.Json.JsonElement)) return Plain(ShapeKind.Any);
        if (type.IsArray) return new TypeShape(type, ShapeKind.List, type.GetElementType(), [], null);
        var ways = type.GetInterfaces().Append(type).Where(static i => i.IsGenericType).ToList();
        if (ways.FirstOrDefault(static i => i.GetGenericTypeDefinition() is var d && (d == typeof(IReadOnlyDictionary<,>) || d == typeof(IDictionary<,>)))?.GetGenericArguments() is [var key, var value] && key == typeof(string))
        {
            return new TypeShape(type, ShapeKind.Map, value, [], null);
        }

        if (ways.FirstOrDefault(static i => i.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } list) return new TypeShape(type, ShapeKind.List, list.GetGenericArguments()[0], [], null);
        return Record(type);
    }

    private static TypeShape Record(Type type)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        var properties = type.GetProperties(Public).Where(static p => p.CanRead && p.GetIndexParameters().Length == 0).ToList();
        var fields = type.GetFields(Public);

        // A record is made of its members; anything else has them set.
        var constructor = type.IsAbstract ? null : type.GetConstructors()
            .Where(c => c.GetParameters() is { Length: > 0 } parameters && parameters.All(p => Same(p.Name) is not null))
            .OrderByDescending(static c => c.GetParameters().Length)
            .FirstOrDefault();
        MemberInfo? Same(string? name) =>
            (MemberInfo?)properties.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));
        var made = constructor?.GetParameters() ?? [];
        var members = new List<ShapeMember>();
        foreach (var member in properties.Cast<MemberInfo>().Concat(fields))
        {
            var memberType = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
            var parameter = made.FirstOrDefault(p => string.Equals(p.Name, member.Name, StringComparison.OrdinalIgnoreCase));
            var isSettable = member is FieldInfo { IsInitOnly: false } || (member is PropertyInfo { CanWrite: true } written && written.SetMethod!.IsPublic);
            members.Add(new ShapeMember(Written(member.Name), memberType, member, parameter, isSettable));
        }

        return new TypeShape(type, ShapeKind.Record, null, members, constructor);
    }
}
