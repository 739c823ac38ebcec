namespace Mimir.Embed.Scene.Components;

/// <summary>Any object as a component: what an <see cref="ExposureList"/> or <see cref="ExposedAttribute"/> shows of it.</summary>
public sealed class ExposedComponent : IComponent
{
    private ExposedComponent(object target, ExposedType type)
    {
        TypeName = type.Name;
        Properties = [.. type.Members.Select(m => new ExposedProperty(target, m))];
    }

    /// <inheritdoc/>
    public string TypeName { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IComponentProperty> Properties { get; }

    /// <summary>The objects among some that are shown, in their order.</summary>
    /// <param name="targets">The objects.</param>
    /// <param name="exposure">What is shown besides what is marked.</param>
    public static IReadOnlyList<IComponent> Of(IEnumerable<object> targets, ExposureList exposure)
    {
        var shown = new List<IComponent>();
        foreach (var target in targets)
        {
            if (exposure.Find(target.GetType()) is { } type) shown.Add(new ExposedComponent(target, type));
        }

        return shown;
    }
}
