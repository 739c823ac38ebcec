namespace Mimir.Router.Model;

/// <summary>Mimir's own tools: what they tell clients of its servers.</summary>
/// <param name="HasTools">Whether clients are given them. Default false.</param>
/// <param name="BareNames">Whether their names stand without a prefix. Default false.</param>
public sealed record ManagementModel(bool HasTools = false, bool BareNames = false)
{
    /// <summary>The name of the server that they belong to, and its prefix where it has one. No configured server may have either while clients are given the tools.</summary>
    public const string ServerName = "mimir";

    /// <summary>The name of the server that tells clients of the inventory, and what its tools' names begin with. No configured server may have either while clients are given it.</summary>
    public const string InventoryName = "inventory";

    /// <summary>Whether clients are told of the inventory, all of it. Default false.</summary>
    public bool HasInventory { get; init; }
}
