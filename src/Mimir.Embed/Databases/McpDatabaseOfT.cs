using System.Runtime.CompilerServices;

namespace Mimir.Embed.Databases;

/// <summary>
/// A database that is filled by hand, or read from anywhere. Every member may be called by any thread: what it gives is a copy of one
/// moment, and nothing of the app's is called while it locks. A read makes the new content aside and puts it in place at once; what
/// other threads add or remove meanwhile is kept. Within a read function the database is that new content, empty at first.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="maxItems">Most items, 1 or more; one more is refused. Default 1,000,000.</param>
public sealed class McpDatabase<T>(int maxItems = 1_000_000) : IMcpScannableDatabase<T>
    where T : class, IMcpDatabaseItem
{
    private const int MaxNested = 8;
    private readonly object _gate = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly AsyncLocal<ReadStage<T>?> _stage = new();
    private readonly int _maxItems = maxItems > 0 ? maxItems : throw new ArgumentException($"A database of {maxItems} items holds nothing: write 1 or more.");
    private OrderedItems<T> _items = new();
    private ItemSnapshot<T>? _snapshot;

    /// <summary>What was done to the content while a read runs, by id, null for removed; null while none runs.</summary>
    private Dictionary<string, T?>? _meanwhile;
    private bool _wasCleared;
    private Func<CancellationToken, ValueTask<IEnumerable<T>>>? _readFunction;

    /// <inheritdoc/>
    public event Action<DatabaseChange>? Changed;

    /// <inheritdoc/>
    public Type ItemType => typeof(T);

    /// <summary>Says of an item whether it is alive; null when all are. Those that are not are gone: they are taken out when somebody looks. Called by whoever looks, on his thread.</summary>
    public Func<T, bool>? IsAlive { get; set; }

    /// <inheritdoc/>
    public Func<CancellationToken, ValueTask<IEnumerable<T>>>? ReadFunction
    {
        get => _readFunction;
        set
        {
            if (Stage is { } stage) stage.Inner = value;
            else _readFunction = value;
        }
    }

    /// <inheritdoc/>
    public int Count => IsAlive is null ? Snapshot().Items.Count : All().Count;

    private ReadStage<T>? Stage => _stage.Value is { IsClosed: false } stage ? stage : null;

    /// <summary>Reads with a function that adds items to the database and waits for nothing.</summary>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">It is an <c>async void</c>, which nobody can wait for: have it return a Task.</exception>
    public McpDatabase<T> SetRead(Action read)
    {
        if (read.Method.GetCustomAttributes(typeof(AsyncStateMachineAttribute), false).Length > 0) throw new ArgumentException($"The read function {read.Method.Name} is async and returns nothing, so nobody can wait for it: have it return a Task.");
        ReadFunction = _ =>
        {
            read();
            return new ValueTask<IEnumerable<T>>([]);
        };
        return this;
    }

    /// <summary>Reads with a function that adds items to the database and may wait, e.g. <c>async () =&gt; ...</c>. It is awaited.</summary>
    /// <returns>This.</returns>
    public McpDatabase<T> SetRead(Func<Task> read)
    {
        ReadFunction = async _ =>
        {
            await read();
            return [];
        };
        return this;
    }

    /// <summary>Reads with a function that gives the items: what finds them in a scene.</summary>
    /// <param name="find">Finds them.</param>
    /// <param name="isAlive">Says of one whether it is alive; null to leave that as it is.</param>
    /// <returns>This.</returns>
    public McpDatabase<T> SetReadFrom(Func<IEnumerable<T>> find, Func<T, bool>? isAlive = null)
    {
        ReadFunction = _ => new ValueTask<IEnumerable<T>>(find());
        if (isAlive is not null) IsAlive = isAlive;
        return this;
    }

    /// <inheritdoc/>
    public string AddItem(T item, string? existingId = null)
    {
        var id = ItemIds.Check(existingId ?? (item.ObjectId is { Length: > 0 } own ? own : Guid.NewGuid().ToString()));
        item.ObjectId = id;
        if (Writable() is { } stage)
        {
            stage.With(items => Put(items, id, item));
            return id;
        }

        lock (_gate)
        {
            Put(_items, id, item);
            _snapshot = null;
            if (_meanwhile is not null) _meanwhile[id] = item;
        }

        Tell([id]);
        return id;
    }

    /// <inheritdoc/>
    public bool RemoveItem(string objectId)
    {
        if (Writable() is { } stage) return stage.With(items => items.Remove(objectId));
        lock (_gate)
        {
            if (_meanwhile is not null) _meanwhile[objectId] = null;
            if (!_items.Remove(objectId)) return false;
            _snapshot = null;
        }

        Tell([objectId]);
        return true;
    }

    /// <inheritdoc/>
    public T? GetItemById(string objectId)
    {
        T? found;
        if (Stage is { } stage) found = stage.With(items => items.Find(objectId));
        else lock (_gate) found = _items.Find(objectId);
        if (found is null || IsAlive is not { } isAlive || isAlive(found)) return found;
        Bury([(objectId, found)]);
        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<T> All()
    {
        var now = Snapshot();
        if (IsAlive is not { } isAlive) return now.Items;
        var alive = new List<T>(now.Items.Count);
        List<(string Id, T Item)>? dead = null;
        foreach (var entry in now.Entries)
        {
            if (isAlive(entry.Item)) alive.Add(entry.Item);
            else (dead ??= []).Add(entry);
        }

        if (dead is not null) Bury(dead);
        return alive;
    }

    /// <inheritdoc/>
    public bool ContainsId(string objectId) => GetItemById(objectId) is not null;

    /// <inheritdoc/>
    public void Clear()
    {
        if (Writable() is { } stage)
        {
            stage.With(static items => items.Ids.ToList().TrueForAll(items.Remove));
            return;
        }

        lock (_gate)
        {
            _items = new OrderedItems<T>();
            _snapshot = null;
            _meanwhile?.Clear();
            _wasCleared = _meanwhile is not null;
        }

        Tell(null);
    }

    /// <summary>Tells that an item has changed in itself, or any of them: whoever subscribed reads it anew.</summary>
    /// <param name="objectId">Its id; null for any.</param>
    public void Touch(string? objectId = null) => Tell(objectId is null ? null : [objectId]);

    /// <inheritdoc/>
    public void Read()
    {
        if (Stage is { } outer)
        {
            Done(FillAsync(outer, CancellationToken.None));
            return;
        }

        if (!_reading.Wait(0)) throw new InvalidOperationException("Another read of this database runs. Wait for it with ReadAsync.");
        using var stop = new CancellationTokenSource();
        try
        {
            var stage = Open();
            try
            {
                Done(FillAsync(stage, stop.Token));
                Replace(stage.Close());
            }
            finally
            {
                Shut(stage);
                stop.Cancel();
            }
        }
        finally
        {
            _reading.Release();
        }

        Tell(null);
    }

    /// <inheritdoc/>
    public async Task ReadAsync(CancellationToken cancellation = default)
    {
        if (Stage is { } outer)
        {
            await FillAsync(outer, cancellation);
            return;
        }

        await _reading.WaitAsync(cancellation);
        try
        {
            var stage = Open();
            try
            {
                await FillAsync(stage, cancellation);
                cancellation.ThrowIfCancellationRequested();
                Replace(stage.Close());
            }
            finally
            {
                Shut(stage);
            }
        }
        finally
        {
            _reading.Release();
        }

        Tell(null);
    }

    IMcpDatabaseItem? IMcpDatabase.GetItemByIdObject(string objectId) => GetItemById(objectId);

    IReadOnlyList<IMcpDatabaseItem> IMcpDatabase.AllItemsObject() => All();

    /// <summary>What is over may be looked at; what is not is left to end for nobody.</summary>
    private static void Done(Task filling)
    {
        if (filling.IsCompleted)
        {
            filling.GetAwaiter().GetResult();
            return;
        }

        _ = filling.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        throw new InvalidOperationException("The read function waits for something, so Read cannot end at once: await ReadAsync. The content is as it was.");
    }

    private async Task FillAsync(ReadStage<T> stage, CancellationToken cancellation)
    {
        var read = stage.Inner ?? _readFunction ?? throw new InvalidOperationException("The database has no read function. Set ReadFunction, or fill it by hand.");
        if (++stage.Depth > MaxNested) throw new InvalidOperationException("The read function reads itself. Set another one in it before it calls Read.");
        _stage.Value = stage;
        try
        {
            foreach (var item in await read(cancellation)) AddItem(item);
        }
        finally
        {
            stage.Depth--;
        }
    }

    private ReadStage<T> Open()
    {
        lock (_gate) (_meanwhile, _wasCleared) = (new Dictionary<string, T?>(StringComparer.Ordinal), false);
        return new ReadStage<T>();
    }

    private void Shut(ReadStage<T> stage)
    {
        stage.Abandon();
        lock (_gate) _meanwhile = null;
    }

    private void Replace(OrderedItems<T> content)
    {
        lock (_gate)
        {
            if (_wasCleared) content = new OrderedItems<T>();
            foreach (var (id, item) in _meanwhile!)
            {
                if (item is null) content.Remove(id);
                else content.Set(id, item);
            }

            _meanwhile = null;
            _items = content;
            _snapshot = null;
        }
    }

    private ItemSnapshot<T> Snapshot()
    {
        if (Stage is { } stage) return stage.With(static items => new ItemSnapshot<T>(items.ToArray()));
        if (Volatile.Read(ref _snapshot) is { } known) return known;
        lock (_gate) return _snapshot ??= new ItemSnapshot<T>(_items.ToArray());
    }

    /// <summary>Where a change goes: to the new content within a read, and nowhere when that read has failed.</summary>
    private ReadStage<T>? Writable() =>
        _stage.Value is { IsAbandoned: true } ? throw new InvalidOperationException("The read that this belongs to is over and was not taken: the database is as it was before it.") : Stage;

    private bool Put(OrderedItems<T> items, string id, T item)
    {
        if (items.Count >= _maxItems && items.Find(id) is null) throw new InvalidOperationException($"The database is full: it has {_maxItems} items.");
        items.Set(id, item);
        return true;
    }

    /// <summary>Takes out what is dead, unless another has its id by now.</summary>
    private void Bury(List<(string Id, T Item)> dead)
    {
        if (Stage is { } stage)
        {
            foreach (var (id, item) in dead) stage.With(items => items.Find(id) == item && items.Remove(id));
            return;
        }

        var gone = new List<string>(dead.Count);
        lock (_gate)
        {
            foreach (var (id, item) in dead)
            {
                if (_items.Find(id) == item && _items.Remove(id)) gone.Add(id);
            }

            if (gone.Count > 0) _snapshot = null;
        }

        if (gone.Count > 0) Tell(gone);
    }

    private void Tell(IReadOnlyCollection<string>? ids)
    {
        if (Stage is null) Changed?.Invoke(new DatabaseChange(ids));
    }
}
