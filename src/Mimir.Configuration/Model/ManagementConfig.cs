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

    /// <summary>Whether clients are given the tools.</summary>
    public bool HasTools => Tools.Or(IsPromised);

    /// <summary>Whether clients are told of the inventory.</summary>
    public bool HasInventory => Inventory.Or(false);
}
