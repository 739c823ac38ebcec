namespace Mimir.Configuration.Keys;

/// <summary>Another spelling of a word.</summary>
/// <param name="Written">As it may be written.</param>
/// <param name="Means">The word it stands for.</param>
public sealed record Spelling(string Written, string Means);
