namespace Mimir.Embed.Scene.Values;

/// <summary>Three numbers: a place, angles in degrees, or factors. In JSON <c>{"x":..,"y":..,"z":..}</c>.</summary>
/// <param name="X">The first.</param>
/// <param name="Y">The second.</param>
/// <param name="Z">The third.</param>
public readonly record struct Vec3(float X, float Y, float Z);
