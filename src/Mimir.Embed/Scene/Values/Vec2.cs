namespace Mimir.Embed.Scene.Values;

/// <summary>Two numbers. In JSON <c>{"x":..,"y":..}</c>.</summary>
/// <param name="X">The first.</param>
/// <param name="Y">The second.</param>
public readonly record struct Vec2(float X, float Y);
