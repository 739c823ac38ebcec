namespace Mimir.Embed.Databases;

/// <summary>Items by id, in the order in which they came. Not for several threads at a time.</summary>
internal sealed class OrderedItems<T>
    where T : class
{
    private readonly Dictionary<string, LinkedListNode<(string Id, T Item)>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Id, T Item)> _order = new();

    /// <summary>How many.</summary>
    public int Count => _byId.Count;

    /// <summary>The ids, in no order.</summary>
    public IReadOnlyCollection<string> Ids => _byId.Keys;

    /// <summary>Puts an item in; one that has the id gives its place to it.</summary>
    public void Set(string id, T item)
    {
        if (_byId.TryGetValue(id, out var node)) node.Value = (id, item);
        else _byId[id] = _order.AddLast((id, item));
    }

    /// <summary>The item; null when there is none.</summary>
    public T? Find(string id) => _byId.TryGetValue(id, out var node) ? node.Value.Item : null;

    /// <summary>Takes one out.</summary>
    public bool Remove(string id)
    {
        if (!_byId.Remove(id, out var node)) return false;
        _order.Remove(node);
        return true;
    }

    /// <summary>A copy.</summary>
    public (string Id, T Item)[] ToArray()
    {
        var copy = new (string Id, T Item)[_order.Count];
        _order.CopyTo(copy, 0);
        return copy;
    }
}
