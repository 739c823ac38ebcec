using System.Collections.Immutable;
using Mimir.Configuration.Inventory;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Plugins;

/// <summary>A <c>plugin.toml</c> as its author wrote it. No variables are replaced in it: a manifest is often somebody else's.</summary>
/// <param name="Source">The whole of it.</param>
internal sealed record PluginManifest(ConfigNode Source)
{
    /// <summary>Its name.</summary>
    public Setting<string> Name { get; init; }

    /// <summary>Its version.</summary>
    public Setting<string> Version { get; init; }

    /// <summary>What it is for.</summary>
    public Setting<string> Description { get; init; }

    /// <summary>Whether it is run. Default true.</summary>
    public Setting<bool> Enabled { get; init; }

    /// <summary>Its <c>[runtime]</c>; null when there is none.</summary>
    public PluginRuntime? Runtime { get; init; }

    /// <summary>Its <c>[security]</c>; null when there is none.</summary>
    public ConfigNode? Security { get; init; }

    /// <summary>The secrets that it gets.</summary>
    public Setting<IReadOnlyList<TextEntry>> CredentialRefs { get; init; }

    /// <summary>What of the inventory it may be given.</summary>
    public ImmutableArray<InventoryFilter> Access { get; init; } = [];

    /// <summary>Keys that ask for a confinement which there is none.</summary>
    public ImmutableArray<ConfigMember> Confinements { get; init; } = [];

    /// <summary>Hosts that it cannot do without.</summary>
    public ImmutableArray<HostNeed> Hosts { get; init; } = [];

    /// <summary>Secrets that it cannot do without.</summary>
    public ImmutableArray<CredentialNeed> Credentials { get; init; } = [];

    /// <summary><c>[tools]</c> <c>whitelist</c>, as it was written.</summary>
    public ConfigNode? Whitelist { get; init; }

    /// <summary><c>[tools]</c> <c>blacklist</c>, as it was written.</summary>
    public ConfigNode? Blacklist { get; init; }
}
