using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;

namespace Mimir.Embed.Databases;

/// <summary>The databases of a host. Each has a tool <c>read_NAME_database</c>, a resource <c>database://NAME</c> and one for each item, <c>database://NAME/ID</c>.</summary>
public static class HostDatabases
{
    private static readonly ConditionalWeakTable<McpHost, DatabaseTable> s_tables = new();

    /// <summary>Registers a database. Several may have items of one type.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="host">The host.</param>
    /// <param name="name">Its name: 1 to 40 letters, digits, underscores and dashes.</param>
    /// <param name="database">The database.</param>
    /// <param name="runOn">Where it is read for clients: where the JSON of items is made and where the read function runs.</param>
    /// <param name="description">What is in it, for the model; null for its name.</param>
    /// <returns>The host.</returns>
    /// <exception cref="ArgumentException">The name is none, or is taken, in whatever case.</exception>
    public static McpHost RegisterDatabase<T>(this McpHost host, string name, IMcpDatabase<T> database, RunOn runOn = RunOn.Main, string? description = null)
        where T : class, IMcpDatabaseItem
    {
        TableOf(host).Add(name, database, database is IMcpScannableDatabase<T> scannable ? scannable.ReadAsync : null, runOn, description);
        return host;
    }

    /// <summary>Takes a database away, with its tool and its resources; clients are told. Calls that run end as they would.</summary>
    /// <returns>Whether it was there.</returns>
    public static bool UnregisterDatabase(this McpHost host, string name) => TableOf(host).Remove(name);

    /// <summary>The names of the databases, in no order.</summary>
    public static IReadOnlyCollection<string> DatabaseNames(this McpHost host) => TableOf(host).Names;

    /// <summary>The only database of a type.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="InvalidOperationException">There are several: give the name.</exception>
    public static IMcpDatabase<T> GetDatabase<T>(this McpHost host)
        where T : class, IMcpDatabaseItem
    {
        var found = TableOf(host).Of<T>();
        return found.Count switch
        {
            1 => found[0].Database,
            0 => throw new KeyNotFoundException($"There is no database of {typeof(T).Name}. Register one with RegisterDatabase."),
            _ => throw new InvalidOperationException($"There are {found.Count} databases of {typeof(T).Name}: give the name of one of {string.Join(", ", found.Select(static f => f.Name).OrderBy(static n => n, StringComparer.Ordinal))}."),
        };
    }

    /// <summary>A database by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name and type.</exception>
    public static IMcpDatabase<T> GetDatabase<T>(this McpHost host, string name)
        where T : class, IMcpDatabaseItem =>
        TableOf(host).Find<T>(name) ?? throw new KeyNotFoundException($"There is no database '{name}' of {typeof(T).Name}. There are: {(TableOf(host).Names is { Count: > 0 } names ? string.Join(", ", names.OrderBy(static n => n, StringComparer.Ordinal)) : "none")}.");

    /// <summary>The only database of a type.</summary>
    /// <returns>False when there is none, or are several.</returns>
    public static bool TryGetDatabase<T>(this McpHost host, [NotNullWhen(true)] out IMcpDatabase<T>? database)
        where T : class, IMcpDatabaseItem
    {
        var found = TableOf(host).Of<T>();
        database = found.Count == 1 ? found[0].Database : null;
        return database is not null;
    }

    /// <summary>A database by its name.</summary>
    /// <returns>False when there is none of that name and type.</returns>
    public static bool TryGetDatabase<T>(this McpHost host, string name, [NotNullWhen(true)] out IMcpDatabase<T>? database)
        where T : class, IMcpDatabaseItem
    {
        database = TableOf(host).Find<T>(name);
        return database is not null;
    }

    private static DatabaseTable TableOf(McpHost host) => s_tables.GetValue(host, static host => new DatabaseTable(host));
}
