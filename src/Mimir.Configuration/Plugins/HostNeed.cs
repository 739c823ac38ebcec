namespace Mimir.Configuration.Plugins;

/// <summary>Hosts that a plugin cannot do without.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Tag">A tag that they have; null for any.</param>
/// <param name="Min">How many, 1 or more.</param>
/// <param name="Prompt">What to ask the operator for.</param>
internal sealed record HostNeed(string Type, string? Tag, int Min, string Prompt);
