using System.Collections.Immutable;

namespace Mimir.Configuration.Model;

/// <summary>A plugin that was found, and what became of it. Safe to print: no secret stands in it.</summary>
/// <param name="Name">The name in its manifest; that of its folder when it has none that could be read.</param>
/// <param name="File">Full path of its manifest.</param>
/// <param name="Status">What became of it.</param>
public sealed record PluginReport(string Name, string File, PluginStatus Status)
{
    /// <summary>Its version; empty when it could not be read.</summary>
    public string Version { get; init; } = "";

    /// <summary>What it is for, in its author's words; empty for nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>Why it is not run, and what to do; empty for one that is.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What its manifest would have started: the program or the entry, and the arguments as they are written. Empty when that could not be read.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Names and patterns of the secrets that it may be given.</summary>
    public ImmutableArray<string> CredentialRefs { get; init; } = [];

    /// <summary>Its version, and how its entry looked: when that changes it is run anew.</summary>
    internal string Stamp { get; init; } = "";

    /// <summary>Whether it asks to be confined.</summary>
    internal bool AsksConfinement { get; init; }

    /// <summary>Whether it says nothing of what it may have.</summary>
    internal bool LacksSecurity { get; init; }

    /// <summary>What it may ask of the inventory while it is run; null for one that may ask nothing.</summary>
    public InventoryBook? Inventory { get; init; }

    /// <summary>What it would be told of the inventory once it is run; null where its manifest asks for nothing of it.</summary>
    public InventoryBook? Sees { get; init; }

    /// <summary>What of the inventory its manifest says it may have.</summary>
    internal ImmutableArray<InventoryFilter> Access { get; init; } = [];

    /// <summary>Whether it is run all the same, as it was before its manifest was broken.</summary>
    public bool GoesOn { get; init; }

    /// <summary>What it waits for; empty unless <see cref="PluginStatus.PendingSetup"/>.</summary>
    public ImmutableArray<PluginNeed> Missing { get; init; } = [];
}
