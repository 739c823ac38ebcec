using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene.InMemory;

/// <summary>How a node of an <see cref="InMemoryScene"/> looks: named values, in the order in which they were first set. What draws the node reads them.</summary>
/// <param name="name">What it is called.</param>
/// <param name="shader">What draws it.</param>
public sealed class InMemoryMaterial(string name, string shader = "Standard")
{
    private readonly List<MaterialProperty> _properties = [];

    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>What draws it.</summary>
    public string Shader { get; } = shader;

    /// <summary>The values.</summary>
    public IReadOnlyList<MaterialProperty> Properties => _properties;

    /// <summary>Sets a value, and adds it when it is new.</summary>
    /// <returns>The material.</returns>
    /// <exception cref="ArgumentException">The value is not of its kind.</exception>
    public InMemoryMaterial With(MaterialProperty property)
    {
        var fits = property.Kind switch
        {
            MaterialPropertyKind.Color => property.Value is Rgba,
            MaterialPropertyKind.Float or MaterialPropertyKind.Range => property.Value is float,
            MaterialPropertyKind.Boolean => property.Value is bool,
            MaterialPropertyKind.Vector => property.Value is Vec2 or Vec3,
            _ => property.Value is null or string,
        };
        if (!fits) throw new ArgumentException($"The value of {property.Name} is no {property.Kind}.");
        var at = _properties.FindIndex(p => p.Name == property.Name);
        if (at < 0) _properties.Add(property);
        else _properties[at] = property;
        return this;
    }

    /// <summary>Sets a colour.</summary>
    public InMemoryMaterial With(string property, Rgba value) => With(new MaterialProperty(property, MaterialPropertyKind.Color, value));

    /// <summary>Sets a number.</summary>
    public InMemoryMaterial With(string property, float value) => With(new MaterialProperty(property, MaterialPropertyKind.Float, value));

    /// <summary>Sets a switch.</summary>
    public InMemoryMaterial With(string property, bool value) => With(new MaterialProperty(property, MaterialPropertyKind.Boolean, value));

    /// <summary>A value.</summary>
    /// <returns>Null when there is none of that name.</returns>
    public object? this[string property] => Find(property)?.Value;

    internal MaterialProperty? Find(string property) => _properties.Find(p => p.Name == property);
}
