using System.Collections.Immutable;

namespace Mimir.Configuration.Model;

/// <summary>The plugins of a configuration, and what they draw on.</summary>
/// <param name="Profile">The profile in force.</param>
/// <param name="Plugins">All that were found, in the order of their folders.</param>
/// <param name="Inventory">The inventory.</param>
public sealed record PluginsFound(string Profile, ImmutableArray<PluginReport> Plugins, InventoryBook Inventory)
{
    /// <summary>Full paths of the files besides the manifests on which it depends what is started, there or not.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Where there are none.</summary>
    public static PluginsFound None { get; } = new("default", [], InventoryBook.Empty);
}
