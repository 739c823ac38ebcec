namespace Mimir.Embed.Databases;

/// <summary>What has changed in a database.</summary>
/// <param name="Ids">The ids of the items; null when any of them may have.</param>
public sealed record DatabaseChange(IReadOnlyCollection<string>? Ids);
