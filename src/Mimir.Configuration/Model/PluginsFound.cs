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

    /// <summary>Whether any plugin that is run may ask for something of the inventory.</summary>
    public bool MayAsk
    {
        get
        {
            foreach (var plugin in Plugins)
            {
                if (plugin.Inventory is not null)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Where there are none.</summary>
    public static PluginsFound None { get; } = new("default", [], InventoryBook.Empty);
}
