namespace Mimir.Embed.Scene;

/// <summary>How a node looks.</summary>
/// <param name="Name">What the material is called.</param>
/// <param name="Shader">What draws it.</param>
/// <param name="Properties">What of it is shown.</param>
public sealed record MaterialInfo(string Name, string Shader, IReadOnlyList<MaterialProperty> Properties);
