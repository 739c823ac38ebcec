using System.Reflection;

namespace Mimir.Embed.Binding;

/// <summary>A member of a record.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Type">Its type.</param>
/// <param name="Member">The property or field.</param>
/// <param name="Parameter">The parameter of the constructor that it is made by; null when it is set.</param>
/// <param name="IsSettable">Whether it can be set afterwards.</param>
internal sealed record ShapeMember(string Name, Type Type, MemberInfo Member, ParameterInfo? Parameter, bool IsSettable)
{
    /// <summary>Whether it may be given at all.</summary>
    public bool IsTaken => Parameter is not null || IsSettable;

    /// <summary>Whether it has to be given.</summary>
    public bool IsRequired => Parameter is { HasDefaultValue: false } && (Type.IsValueType ? Nullable.GetUnderlyingType(Type) is null : true);

    /// <summary>Its value in an object.</summary>
    public object? Get(object of) => Member is PropertyInfo property ? property.GetValue(of) : ((FieldInfo)Member).GetValue(of);

    /// <summary>Sets it in an object; a boxed one where it is a struct.</summary>
    public void Set(object of, object? value)
    {
        if (Member is PropertyInfo property)
        {
            property.SetValue(of, value);
        }
        else
        {
            ((FieldInfo)Member).SetValue(of, value);
        }
    }
}
