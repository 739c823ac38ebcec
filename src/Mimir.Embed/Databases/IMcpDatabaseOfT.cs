namespace Mimir.Embed.Databases;

/// <summary>A database of items of one type. Every member may be called by any thread.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
public interface IMcpDatabase<T> : IMcpDatabase
    where T : class, IMcpDatabaseItem
{
    /// <summary>Adds an item, in place of the one that has its id.</summary>
    /// <param name="item">The item. It is told its id.</param>
    /// <param name="existingId">The id it is to have; null for the one it has, or a new one where it has none.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ArgumentException">The id is longer than 256 characters or has control characters.</exception>
    /// <exception cref="InvalidOperationException">The database is full.</exception>
    string AddItem(T item, string? existingId = null);

    /// <summary>The item with that id; null when there is none.</summary>
    T? GetItemById(string objectId);

    /// <summary>All items as they are at this moment, in the order in which they came.</summary>
    IReadOnlyList<T> All();
}
