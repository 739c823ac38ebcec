using System.Collections.Immutable;

namespace Mimir.Configuration.Model;

/// <summary>What the operator wrote down of the machines around. Immutable.</summary>
/// <param name="Hosts">The hosts, in the order of files and lines.</param>
/// <param name="Services">What runs on them, in the same order.</param>
public sealed record InventoryBook(ImmutableArray<InventoryEntry> Hosts, ImmutableArray<InventoryEntry> Services)
{
    /// <summary>One with nothing in it.</summary>
    public static InventoryBook Empty { get; } = new([], []);

    /// <summary>The entries of a kind that a filter lets through.</summary>
    internal IEnumerable<InventoryEntry> Find(InventoryFilter filter) => (filter.IsServices ? Services : Hosts).Where(filter.Matches);

    /// <summary>What is left of it for somebody who may have no more than some filters let through; without filters nothing.</summary>
    internal InventoryBook Through(IReadOnlyCollection<InventoryFilter> access) => new(
        [.. Hosts.Where(host => access.Any(a => !a.IsServices && a.Matches(host)))],
        [.. Services.Where(service => access.Any(a => a.IsServices && a.Matches(service)))]);
}
