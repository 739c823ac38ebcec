namespace Mimir.Embed.Databases;

/// <summary>Makes databases.</summary>
public static class McpDatabase
{
    /// <summary>A database of what a function finds, e.g. in a scene. It is read at once, and anew whenever it is read again.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="find">Finds them.</param>
    /// <param name="isAlive">Says of one whether it is alive; null when all are.</param>
    public static McpDatabase<T> CreateFrom<T>(Func<IEnumerable<T>> find, Func<T, bool>? isAlive = null)
        where T : class, IMcpDatabaseItem
    {
        var database = new McpDatabase<T>().SetReadFrom(find, isAlive);
        database.Read();
        return database;
    }
}
