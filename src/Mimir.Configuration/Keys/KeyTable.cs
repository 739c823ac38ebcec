using System.Collections.Immutable;

namespace Mimir.Configuration.Keys;

/// <summary>The keys that one kind of object may hold.</summary>
/// <param name="Owner">What the object is, for messages: <c>a server</c>.</param>
/// <param name="Home">Where it stands, for messages: <c>mcpServers.NAME</c>; empty for the top.</param>
/// <param name="Keys">The rows, in the order of the guide.</param>
public sealed record KeyTable(string Owner, string Home, ImmutableArray<KeySpec> Keys)
{
    /// <summary>Its name among the definitions of the schema.</summary>
    public string Definition { get; init; } = Home;

    /// <summary>Finds the row of a key.</summary>
    /// <param name="key">The key as written, in any of its spellings.</param>
    /// <returns>The row, or null when no such key is known.</returns>
    public KeySpec? Find(string key)
    {
        foreach (var spec in Keys)
        {
            if (spec.Matches(key))
            {
                return spec;
            }
        }

        return null;
    }

    /// <summary>The names of the keys that are read, in the order of the guide.</summary>
    public IEnumerable<string> ReadNames => Keys.Where(spec => spec.Use == KeyUse.Read).Select(spec => spec.Name);
}
