namespace Mimir.Embed.Databases;

/// <summary>The content of a database at one moment. It never changes.</summary>
internal sealed class ItemSnapshot<T>((string Id, T Item)[] entries)
{
    /// <summary>The items by their ids, in the order in which they came.</summary>
    public IReadOnlyList<(string Id, T Item)> Entries => entries;

    /// <summary>The items in that order.</summary>
    public IReadOnlyList<T> Items { get; } = Array.AsReadOnly(Array.ConvertAll(entries, static entry => entry.Item));
}
