using System.Collections.Immutable;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Plugins;

/// <summary>What is remembered of a plugin that was run.</summary>
/// <param name="Server">The server that it was.</param>
/// <param name="Stamp">Its version, and how its entry looked.</param>
/// <param name="AsksConfinement">Whether it asked to be confined.</param>
/// <param name="LacksSecurity">Whether it said nothing of what it may have.</param>
/// <param name="Access">What of the inventory it may have.</param>
internal sealed record PluginRemains(ConfigMember Server, string Stamp, bool AsksConfinement, bool LacksSecurity, ImmutableArray<InventoryFilter> Access);
