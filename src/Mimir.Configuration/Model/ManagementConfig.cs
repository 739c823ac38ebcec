namespace Mimir.Configuration.Model;

/// <summary><c>management</c> as a human wrote it.</summary>
public sealed record ManagementConfig
{
    /// <summary><c>tools</c>.</summary>
    public Setting<bool> Tools { get; init; }

    /// <summary><c>inventory</c>.</summary>
    public Setting<bool> Inventory { get; init; }

    /// <summary>True when the main file is of a kind that promises the tools by their bare names: there they are on unless somebody switched them off. Default false.</summary>
    public bool IsPromised { get; init; }

    /// <summary><c>changes</c>.</summary>
    public Setting<bool> Changes { get; init; }

    /// <summary><c>policy</c>: patterns over the names of tools, and what holds for them.</summary>
    public Setting<IReadOnlyList<TextEntry>> Policy { get; init; }

    /// <summary><c>families</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> Families { get; init; }

    /// <summary>Whether there are plugins: whoever has some is told what they wait for. Default false.</summary>
    public bool HasPlugins { get; init; }

    /// <summary>Whether clients are given the tools that tell of servers.</summary>
    public bool HasTools => Tools.Or(IsPromised);

    /// <summary>Whether clients are given the tools that set things up.</summary>
    public bool HasSetup => Tools.Or(HasPlugins);
    /// <summary>Whether clients are told of the inventory.</summary>
    public bool HasInventory => Inventory.Or(false);
}
