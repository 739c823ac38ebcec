using Mimir.Embed.Scene.Components;
using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene.InMemory;

/// <summary>What can be done with the nodes of an <see cref="InMemoryScene"/>.</summary>
internal sealed class InMemoryAccess : ISpatialAccess, IComponentAccess, IMaterialAccess
{
    /// <inheritdoc/>
    ISpatial? ISpatialAccess.Of(ISceneNode node) => node is InMemoryNode { HasTransform: true } own ? own : null;

    /// <inheritdoc/>
    IReadOnlyList<IComponent> IComponentAccess.Of(ISceneNode node) => node is InMemoryNode own ? ExposedComponent.Of(own.Components, own.Scene.Exposure) : [];

    /// <inheritdoc/>
    public MaterialInfo? Describe(ISceneNode node) => node is InMemoryNode { Material: { } material } ? new MaterialInfo(material.Name, material.Shader, material.Properties) : null;

    /// <inheritdoc/>
    public void SetColor(ISceneNode node, string property, Rgba value) => Set(node, property, value);

    /// <inheritdoc/>
    public void SetFloat(ISceneNode node, string property, float value) => Set(node, property, value);

    /// <inheritdoc/>
    public void SetBoolean(ISceneNode node, string property, bool value) =>
        Set(node, property, Find(node, property).Property.Kind == MaterialPropertyKind.Boolean ? value : value ? 1f : 0f);

    private static void Set(ISceneNode node, string property, object value)
    {
        var (material, known) = Find(node, property);
        material.With(known with { Value = value });
    }

    private static (InMemoryMaterial Material, MaterialProperty Property) Find(ISceneNode node, string property) =>
        node is InMemoryNode { Material: { } material } && material.Find(property) is { } known ? (material, known) : throw new KeyNotFoundException($"'{node.Path}' has no {property}.");
}
