using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Resources;
using Mimir.Embed.Tools;

namespace Mimir.Embed.Databases;

/// <summary>The databases of a host, by their names.</summary>
/// <param name="host">The host.</param>
internal sealed class DatabaseTable(McpHost host)
{
    private const int MaxName = 40;
    private readonly object _gate = new();
    private readonly Dictionary<string, (string Name, IMcpDatabase Database, Action<DatabaseChange> Told)> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names, in no order.</summary>
    public IReadOnlyCollection<string> Names
    {
        get { lock (_gate) return [.. _byName.Keys]; }
    }

    /// <summary>Adds one, with its tool and its resources.</summary>
    /// <exception cref="ArgumentException">The name is none, or is taken.</exception>
    public void Add(string name, IMcpDatabase database, Func<CancellationToken, Task>? reread, RunOn runOn, string? description)
    {
        if (name.Length is 0 or > MaxName || !name.All(static c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-'))
        {
            throw new ArgumentException($"'{(name.Length > 100 ? name[..100] + "..." : name)}' is no name of a database: write 1 to {MaxName} letters, digits, underscores and dashes.");
        }

        lock (_gate)
        {
            if (_byName.ContainsKey(name)) throw new ArgumentException($"There is a database {name} already. Take another name, or unregister that one first.");
            var reader = new DatabaseReader(name, database, reread, runOn);
            var what = description is { Length: > 0 } ? description : $"Items of the {name} database";
            host.Tools.Add(ToolMaker.OfMethod(
                new McpToolAttribute(ToolOf(name), $"{what.TrimEnd('.')}: one of them by its id, or all of them as a JSON array, page by page.") { RunOn = runOn, IsReadOnly = true, IsIdempotent = true },
                typeof(DatabaseReader).GetMethod(nameof(DatabaseReader.ReadAsync))!, reader));
            var added = 0;
            using var together = host.Resources.Collection.DeferChangedEvents();
            try
            {
                host.Resources.Add(new ResourceDefinition(UriOf(name), name, reader.ReadAllAsync) { Description = $"{what.TrimEnd('.')}: the first of them, and how many there are.", MimeType = "application/json", RunOn = runOn });
                added++;
                host.Resources.Add(new ResourceDefinition(ItemsOf(name), name + " item", reader.ReadOneAsync) { Description = $"{what.TrimEnd('.')}: one of them by its id.", MimeType = "application/json", RunOn = runOn });
            }
            catch (ArgumentException)
            {
                // What was there before is another's and stays.
                if (added > 0) host.Resources.Remove(UriOf(name));
                host.Tools.Remove(ToolOf(name));
                throw;
            }

            Action<DatabaseChange> told = change => Tell(name, change);
            database.Changed += told;
            _byName[name] = (name, database, told);
        }
    }

    /// <summary>Takes one away, with its tool and its resources.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string name)
    {
        lock (_gate)
        {
            if (!_byName.Remove(name, out var found)) return false;
            name = found.Name;
            found.Database.Changed -= found.Told;
        }

        host.Resources.UpdatedBelow(UriOf(name) + "/");
        using var together = host.Resources.Collection.DeferChangedEvents();
        host.Tools.Remove(ToolOf(name));
        host.Resources.Remove(ItemsOf(name));
        host.Resources.Remove(UriOf(name));
        return true;
    }

    /// <summary>The one of a name; null when there is none, or it is of another type.</summary>
    public IMcpDatabase<T>? Find<T>(string name)
        where T : class, IMcpDatabaseItem
    {
        lock (_gate) return _byName.TryGetValue(name, out var found) ? found.Database as IMcpDatabase<T> : null;
    }

    /// <summary>Those of a type, with their names.</summary>
    public List<(string Name, IMcpDatabase<T> Database)> Of<T>()
        where T : class, IMcpDatabaseItem
    {
        var found = new List<(string Name, IMcpDatabase<T> Database)>();
        lock (_gate)
        {
            foreach (var (name, entry) in _byName)
            {
                if (entry.Database is IMcpDatabase<T> database) found.Add((name, database));
            }
        }

        return found;
    }

    private static string ToolOf(string name) => $"read_{name}_database";

    private static string UriOf(string name) => "database://" + name;

    private static string ItemsOf(string name) => UriOf(name) + "/{object_id}";

    private void Tell(string name, DatabaseChange change)
    {
        if (!host.Resources.IsAnythingWatched) return;
        host.Resources.UpdatedSpelled(UriOf(name));
        if (change.Ids is null) host.Resources.UpdatedBelow(UriOf(name) + "/");
        else foreach (var id in change.Ids) host.Resources.UpdatedSpelled(UriOf(name) + "/" + Uri.EscapeDataString(id));
    }
}
