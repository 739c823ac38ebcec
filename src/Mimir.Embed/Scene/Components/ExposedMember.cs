using System.Reflection;

namespace Mimir.Embed.Scene.Components;

/// <summary>A member that is shown.</summary>
internal sealed class ExposedMember
{
    private readonly FieldInfo? _field;
    private readonly PropertyInfo? _property;

    /// <summary>Of a field or property.</summary>
    /// <param name="member">Which.</param>
    /// <param name="isReadOnly">Whether the app lets nobody set it.</param>
    public ExposedMember(MemberInfo member, bool isReadOnly)
    {
        _field = member as FieldInfo;
        _property = member as PropertyInfo;
        Name = member.Name;
        Type = _field?.FieldType ?? _property!.PropertyType;
        IsWritable = !isReadOnly && (_field is { IsInitOnly: false } || (_property?.SetMethod is { IsPublic: true } setter && !IsForMaking(setter)));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public Type Type { get; }

    /// <summary>Whether it can be set.</summary>
    public bool IsWritable { get; }

    /// <summary>Reads it.</summary>
    public object? Read(object of)
    {
        try
        {
            return _field is not null ? _field.GetValue(of) : _property!.GetValue(of);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            throw Thrown(inner);
        }
    }

    /// <summary>Sets it.</summary>
    public void Write(object of, object? value)
    {
        try
        {
            if (_field is not null) _field.SetValue(of, value);
            else _property!.SetValue(of, value);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            throw Thrown(inner);
        }
    }

    /// <summary>A setter that the language lets nobody call once the object is made.</summary>
    private static bool IsForMaking(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Any(static m => m.FullName == "System.Runtime.CompilerServices.IsExternalInit");

    private static Exception Thrown(Exception inner)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(inner).Throw();
        return inner;
    }
}
