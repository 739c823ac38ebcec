namespace Mimir.Embed.Databases;

/// <summary>The new content of a database while a read makes it: what the read function does to the database, it does to this.</summary>
internal sealed class ReadStage<T>
    where T : class, IMcpDatabaseItem
{
    private readonly object _gate = new();
    private readonly OrderedItems<T> _items = new();
    private bool _isClosed;

    /// <summary>Whether the read is over: what is done later is done to the database itself.</summary>
    public bool IsClosed
    {
        get { lock (_gate) return _isClosed; }
    }

    /// <summary>Whether the read is over and its content was not taken.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>The read function that the read function has set; null for none.</summary>
    public Func<CancellationToken, ValueTask<IEnumerable<T>>>? Inner { get; set; }

    /// <summary>How deep reads are nested.</summary>
    public int Depth { get; set; }

    /// <summary>Does something to it.</summary>
    public TResult With<TResult>(Func<OrderedItems<T>, TResult> work)
    {
        lock (_gate) return work(_items);
    }

    /// <summary>Ends it without taking what is in it; nothing when it has ended.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            if (!_isClosed) IsAbandoned = true;
            _isClosed = true;
        }
    }

    /// <summary>Ends it.</summary>
    /// <returns>What is in it.</returns>
    public OrderedItems<T> Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            return _items;
        }
    }
}
