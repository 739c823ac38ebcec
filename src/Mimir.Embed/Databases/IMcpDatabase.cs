namespace Mimir.Embed.Databases;

/// <summary>A database of items of any type. Every member may be called by any thread.</summary>
public interface IMcpDatabase
{
    /// <summary>Told after something has changed, by the thread that changed it.</summary>
    event Action<DatabaseChange>? Changed;

    /// <summary>The type of the items.</summary>
    Type ItemType { get; }

    /// <summary>How many items there are.</summary>
    int Count { get; }

    /// <summary>The item with that id; null when there is none.</summary>
    IMcpDatabaseItem? GetItemByIdObject(string objectId);

    /// <summary>All items as they are at this moment, in the order in which they came.</summary>
    IReadOnlyList<IMcpDatabaseItem> AllItemsObject();

    /// <summary>Whether there is an item with that id.</summary>
    bool ContainsId(string objectId);

    /// <summary>Removes the item with that id.</summary>
    /// <returns>Whether there was one.</returns>
    bool RemoveItem(string objectId);

    /// <summary>Removes all items.</summary>
    void Clear();
}
