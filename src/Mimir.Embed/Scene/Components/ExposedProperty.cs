namespace Mimir.Embed.Scene.Components;

/// <summary>A member of an object.</summary>
/// <param name="target">The object.</param>
/// <param name="member">The member.</param>
internal sealed class ExposedProperty(object target, ExposedMember member) : IComponentProperty
{
    /// <inheritdoc/>
    public string Name => member.Name;

    /// <inheritdoc/>
    public Type Type => member.Type;

    /// <inheritdoc/>
    public bool IsWritable => member.IsWritable;

    /// <inheritdoc/>
    public object? Read() => member.Read(target);

    /// <inheritdoc/>
    public void Write(object? value) => member.Write(target, value);
}
