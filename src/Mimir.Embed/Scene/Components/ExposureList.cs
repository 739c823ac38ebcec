using System.Reflection;

namespace Mimir.Embed.Scene.Components;

/// <summary>
/// What an app shows of types that it cannot mark with <see cref="ExposedAttribute"/>, or would rather not. Filled before the host serves;
/// types are looked at once.
/// </summary>
public sealed class ExposureList
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private readonly Dictionary<Type, Dictionary<string, bool>> _members = [];
    private readonly Dictionary<Type, ExposedType?> _known = [];

    /// <summary>Shows that components of a type are there, and the named members of it.</summary>
    /// <typeparam name="T">The type. It holds for types that derive from it as well.</typeparam>
    /// <param name="members">Names of fields and properties.</param>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public ExposureList Add<T>(params string[] members) => Add(typeof(T), members, false);

    /// <summary>Shows members that cannot be set.</summary>
    /// <typeparam name="T">The type. It holds for types that derive from it as well.</typeparam>
    /// <param name="members">Names of fields and properties.</param>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public ExposureList AddReadOnly<T>(params string[] members) => Add(typeof(T), members, true);

    /// <summary>Shows all public fields and properties of a type, those it has of others too, by name.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public ExposureList AddAllPublic<T>() =>
        Add(typeof(T), [.. typeof(T).GetMembers(BindingFlags.Public | BindingFlags.Instance).Where(static m => IsValue(m) && m is not PropertyInfo { GetMethod: { IsPublic: false } }).OrderBy(static m => m.Name, StringComparer.Ordinal).Select(static m => m.Name).Distinct(StringComparer.Ordinal)], false);

    /// <summary>What is shown of a type.</summary>
    /// <returns>Null when nothing is, not even that it is there.</returns>
    internal ExposedType? Find(Type type)
    {
        if (_known.TryGetValue(type, out var known)) return known;
        return _known[type] = Look(type);
    }

    private static bool IsValue(MemberInfo member) => member is FieldInfo || (member is PropertyInfo { CanRead: true } property && property.GetIndexParameters().Length == 0);

    private static IEnumerable<Type> Chain(Type type)
    {
        for (var t = type; t is not null; t = t.BaseType) yield return t;
    }

    private static MemberInfo? Member(Type type, string name) =>
        Chain(type).Select(t => t.GetMember(name, MemberTypes.Field | MemberTypes.Property, Own).FirstOrDefault(IsValue)).FirstOrDefault(static m => m is not null);

    private ExposureList Add(Type type, string[] members, bool isReadOnly)
    {
        if (!_members.TryGetValue(type, out var shown)) _members[type] = shown = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var name in members)
        {
            if (Member(type, name) is null) throw new ArgumentException($"{type.FullName} has no field or property {name} that can be read.");
            shown[name] = isReadOnly;
        }

        _known.Clear();
        return this;
    }

    private ExposedType? Look(Type type)
    {
        var isShown = false;
        var members = new Dictionary<string, ExposedMember>(StringComparer.Ordinal);
        foreach (var t in Chain(type))
        {
            _members.TryGetValue(t, out var listed);
            isShown |= listed is not null || t.IsDefined(typeof(ExposedAttribute), false);
            foreach (var member in t.GetMembers(Own).Where(IsValue).OrderBy(static m => m.MetadataToken))
            {
                if (member.GetCustomAttribute<ExposedAttribute>(false) is { } mark) members.TryAdd(member.Name, new ExposedMember(member, mark.IsReadOnly));
            }

            foreach (var (name, isReadOnly) in listed ?? [])
            {
                if (Member(t, name) is { } member) members.TryAdd(name, new ExposedMember(member, isReadOnly));
            }
        }

        return isShown || members.Count > 0 ? new ExposedType(type.FullName ?? type.Name, [.. members.Values]) : null;
    }
}
