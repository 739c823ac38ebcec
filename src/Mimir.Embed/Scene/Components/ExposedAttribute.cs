namespace Mimir.Embed.Scene.Components;

/// <summary>
/// Shows a field or property of a component to agents, public or not. On a class it shows that the component is there, and none of its
/// members: each is marked itself.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ExposedAttribute : Attribute
{
    /// <summary>Whether it is shown and cannot be set. Default false; what the language lets nobody set cannot be set anyhow.</summary>
    public bool IsReadOnly { get; set; }
}
