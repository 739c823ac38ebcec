using System.Collections.Immutable;

namespace Mimir.Management.Inventory;

/// <summary>A host or a service of the inventory, as it is looked for and as it is told. Immutable; holds no secret, only the name of one.</summary>
/// <param name="Name">Its name: no other of its kind has it.</param>
/// <param name="Type">What it is, in one word.</param>
/// <param name="Host">The host that a service runs on; null for a host.</param>
/// <param name="Tags">Words to find it by.</param>
/// <param name="Json">All that is known of it: a JSON object.</param>
public sealed record InventoryItem(string Name, string Type, string? Host, ImmutableArray<string> Tags, string Json);
