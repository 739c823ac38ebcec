using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene;

/// <summary>A value of a component that is shown.</summary>
public interface IComponentProperty
{
    /// <summary>What it is called.</summary>
    string Name { get; }

    /// <summary>
    /// Its type, free of engines: string, bool, char, a number, an enum, <see cref="Vec2"/>, <see cref="Vec3"/>, <see cref="Rgba"/>, or an
    /// array or list of those. Of any other type no value is told.
    /// </summary>
    Type Type { get; }

    /// <summary>Whether it can be set.</summary>
    bool IsWritable { get; }

    /// <summary>Its value.</summary>
    object? Read();

    /// <summary>Sets it.</summary>
    /// <param name="value">A value of its type.</param>
    /// <exception cref="ArgumentException">The component does not take it.</exception>
    void Write(object? value);
}
