using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Mimir.Embed.Binding;

/// <summary>Makes collections of types that are only known at run time.</summary>
internal static class Lists
{
    /// <summary>An array.</summary>
#if NET
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The array's type, or a collection of it, is the type of a parameter, so it is there.")]
#endif
    public static Array Array(Type element, IReadOnlyList<object?> items)
    {
        var array = System.Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++) array.SetValue(items[i], i);
        return array;
    }

    /// <summary>A collection of an array's items: one that is made of a sequence, or is empty at first and is added to. Null when it is neither.</summary>
    public static object? Of(Type type, Array items)
    {
        if (type.IsInterface || type.IsAbstract) return null;
        foreach (var constructor in type.GetConstructors())
        {
            if (constructor.GetParameters() is [var only] && only.ParameterType != type && only.ParameterType.IsInstanceOfType(items)) return constructor.Invoke([items]);
        }

        return null;
    }

    /// <summary>An empty map from strings; null when the type is none that can be made.</summary>
#if NET
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "A map of references is one type for all of them; of values, those that are used are named.")]
#endif
    public static IDictionary? Map(Type type, Type value)
    {
        if (!type.IsInterface && !type.IsAbstract) return Activator.CreateInstance(type) as IDictionary;
        var made = typeof(Dictionary<,>).MakeGenericType(typeof(string), value);
        return type.IsAssignableFrom(made) ? (IDictionary)Activator.CreateInstance(made)! : null;
    }
}
