namespace Mimir.Embed.Scene.Values;

/// <summary>A colour. In JSON <c>{"r":..,"g":..,"b":..,"a":..}</c>.</summary>
/// <param name="R">Red; 0 to 1, beyond where the app shines brighter than white.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
/// <param name="A">0 for clear, 1 for solid.</param>
public readonly record struct Rgba(float R, float G, float B, float A = 1);
