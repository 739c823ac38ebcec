using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene;

/// <summary>A value of a material.</summary>
/// <param name="Name">What it is called: <c>_Color</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Value">A <see cref="Rgba"/>, a float, a bool, a <see cref="Vec2"/> or <see cref="Vec3"/>, or the name of a texture; null for none.</param>
/// <param name="Minimum">The least of a range.</param>
/// <param name="Maximum">The most of a range.</param>
public sealed record MaterialProperty(string Name, MaterialPropertyKind Kind, object? Value, float Minimum = float.NegativeInfinity, float Maximum = float.PositiveInfinity);
