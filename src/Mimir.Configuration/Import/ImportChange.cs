namespace Mimir.Configuration.Import;

/// <summary>What an import does to one key of a server. Values of <c>env</c> and <c>headers</c>, and what looks like a secret elsewhere, are masked.</summary>
/// <param name="Key">The key, e.g. <c>env.TOKEN</c>.</param>
/// <param name="Before">What stands there; null when nothing does.</param>
/// <param name="After">What will; null when nothing will.</param>
public sealed record ImportChange(string Key, string? Before, string? After);
