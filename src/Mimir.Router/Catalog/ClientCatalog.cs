using Mimir.Protocol.Revisions;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>
/// The merged lists for clients of one kind behind one view. Answers from what is ready; waits at most the grace for servers whose
/// lists were not seen over this client's own connection; never waits once all are known.
/// </summary>
public sealed class ClientCatalog
{
    private readonly CatalogStore _store;
    private readonly Lock _gate = new();
    private readonly MergedList?[] _told = new MergedList?[ListKinds.Count];
    private volatile MergedCatalog _merged;

    /// <summary>Creates one; nothing is fetched yet.</summary>
    /// <param name="store">All lists.</param>
    /// <param name="view">The selection of servers.</param>
    /// <param name="era">The clients' era.</param>
    /// <param name="profile">What legacy clients can do.</param>
    /// <param name="session">The session it is for, when it may have connections of its own; else null.</param>
    public ClientCatalog(CatalogStore store, View view, Era era, ClientProfile profile, object? session)
    {
        _store = store;
        View = view;
        Era = era;
        Profile = profile;
        Session = session;
        _merged = MergedCatalog.Empty(era);
    }

    /// <summary>The selection of servers.</summary>
    public View View { get; }

    /// <summary>The clients' era.</summary>
    public Era Era { get; }

    /// <summary>What legacy clients can do.</summary>
    public ClientProfile Profile { get; }

    /// <summary>The session it is for, or null.</summary>
    public object? Session { get; }

    /// <summary>The lists as last merged; may be behind.</summary>
    public MergedCatalog Current => _merged;

    /// <summary>The connection slot a client of this kind uses at a server.</summary>
    public ConnectionSlot SlotOf(ServerPool pool) => Era == Era.Modern ? pool.Modern() : pool.Legacy(Profile, Session);

    /// <summary>The newest lists without waiting: merged again if anything changed.</summary>
    public MergedCatalog Refresh()
    {
        var epoch = _store.Epoch;
        var merged = _merged;
        if (merged.Epoch == epoch)
        {
            return merged;
        }

        lock (_gate)
        {
            if (_merged.Epoch != epoch)
            {
                _merged = CatalogMerger.Merge(_store, this, epoch, _merged);
            }

            return _merged;
        }
    }

    /// <summary>The lists, after at most the grace for those of one kind.</summary>
    public ValueTask<MergedCatalog> GetAsync(ListKind kind)
    {
        var merged = Refresh();
        return merged.Missing(kind).Count > 0 ? WaitAsync(merged, kind) : ValueTask.FromResult(Volatile.Read(ref _told[(int)kind]) is null ? Give(kind) : merged);
    }

    /// <summary>
    /// The lists that look different from what clients were given first or told of last. A list that becomes whole before anybody
    /// was given it is no news, and templates are announced with the resources they belong to.
    /// </summary>
    public IReadOnlyList<ListKind> TakeNews()
    {
        lock (_gate)
        {
            var now = Refresh();
            var changed = ListKinds.All.Where(k => _told[(int)k] is { } told && !ReferenceEquals(told, now[k])).ToList();
            foreach (var kind in ListKinds.All.Where(k => changed.Contains(k) || now.Missing(k).Count == 0))
            {
                _told[(int)kind] = now[kind];
            }

            return changed.Contains(ListKind.Resources) ? [.. changed.Where(k => k != ListKind.Templates)] : changed;
        }
    }

    /// <summary>Fetches a list again at some servers, and waits for it at most the grace.</summary>
    public async ValueTask<MergedCatalog> FetchAgainAsync(ListKind kind, IReadOnlyCollection<ConnectionSlot> slots)
    {
        if (slots.Count == 0)
        {
            return Refresh();
        }

        var fetches = Task.WhenAll(slots.Select(s => _store.For(s).FetchAgainAsync(kind)));
        await Task.WhenAny(fetches, Task.Delay(View.Limits.ListGrace, View.Pools[0].Clock.Time)).ConfigureAwait(false);
        return Refresh();
    }

    /// <summary>Starts to fetch what is missing, without waiting.</summary>
    public void Warm()
    {
        foreach (var pool in View.Pools)
        {
            var slot = SlotOf(pool);
            if (!_store.IsKnown(slot, ListKind.Tools))
            {
                _ = _store.For(slot).WantAsync();
            }
        }
    }

    /// <summary>Fetches one server's lists, however long it takes (its own startup timeout bounds it). Never faults.</summary>
    public Task LoadAsync(ServerPool pool) => _store.For(SlotOf(pool)).WantAsync();

    private async ValueTask<MergedCatalog> WaitAsync(MergedCatalog merged, ListKind kind)
    {
        var clock = View.Pools[0].Clock;
        var now = clock.Now;
        var grace = (long)View.Limits.ListGrace.TotalMilliseconds;
        var waits = new List<Task>();
        var longest = 0L;
        foreach (var pool in merged.Missing(kind))
        {
            var lists = _store.For(SlotOf(pool));
            var wait = lists.WantAsync(kind);

            // The grace counts from when the server was first asked: a server that hangs costs one list a second, not every list.
            var left = lists.FirstWanted + grace - now;
            if (!wait.IsCompleted && left > 0)
            {
                waits.Add(wait);
                longest = Math.Max(longest, left);
            }
        }

        if (waits.Count > 0)
        {
            await Task.WhenAny(Task.WhenAll(waits), Task.Delay(TimeSpan.FromMilliseconds(longest), clock.Time)).ConfigureAwait(false);
        }

        return Give(kind);
    }

    /// <summary>The newest lists, one of them noted as given in the same step: no change can fall between and go untold.</summary>
    private MergedCatalog Give(ListKind kind)
    {
        lock (_gate)
        {
            var now = Refresh();
            _told[(int)kind] ??= now[kind];
            return now;
        }
    }
}
