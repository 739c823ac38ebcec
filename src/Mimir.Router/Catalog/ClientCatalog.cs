using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
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
    private ClientProfile? _ofPrincipal;
    private volatile MergedCatalog _merged;
    private long _firstListed;

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

    /// <summary>Set whenever a request of such a client came; taken back by whoever looks which kinds are still there.</summary>
    public bool IsUsed { get; set; }

    /// <summary>The lists as last merged; may be behind.</summary>
    public MergedCatalog Current => _merged;

    /// <summary>The same for one session that is to share no more with others: it has been given what they were.</summary>
    internal ClientCatalog For(object session)
    {
        lock (_gate)
        {
            var own = new ClientCatalog(_store, View, Era, Profile, session) { _firstListed = _firstListed, _merged = _merged };
            _told.CopyTo(own._told, 0);
            return own;
        }
    }

    /// <summary>The connection slot a client of this kind uses at a server.</summary>
    public ConnectionSlot SlotOf(ServerPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return SlotOf(pool, pool.EraFor(Era));
    }

    /// <summary>Opens the connection a client of this kind uses, in the era the server speaks.</summary>
    /// <exception cref="ConnectFailure">It could not be opened.</exception>
    public Task<ConnectionSlot> OpenAsync(ServerPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return pool.OpenAsync(SlotOf(pool, Era), SlotOf(pool, EraVerdict.Other(Era)));
    }

    /// <summary>Why a server cannot be reached now in any era; null when it can, or nobody tried.</summary>
    public ConnectFailure? FailureOf(ServerPool pool)
    {
        var slot = SlotOf(pool);
        if (slot.Live is not null)
        {
            return null;
        }

        var other = EraVerdict.Other(slot.Era);
        var (own, next) = (slot.CurrentFailure, SlotOf(pool, other).CurrentFailure);
        return own is { SpeaksForOtherEra: true } && next is not null ? ConnectFailure.Both(own, next, other) : own ?? next;
    }

    /// <summary>Why a server that is there has not yet shown a list: what became of asking for it. Null when it has, or was not asked.</summary>
    public string? ProblemOf(ServerPool pool, ListKind kind) => Refresh().Missing(kind).Contains(pool) ? _store.Find(SlotOf(pool))?.ProblemOf(kind) : null;

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
            var changed = ListKinds.All.Where(k => _told[(int)k] is { } told && !ReferenceEquals(told, now[k]) && !told.LooksLike(now[k])).ToList();
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

    /// <summary>
    /// Completes when every server has said what it is or could not be reached, after the grace at most. Their lists are fetched
    /// besides, and what of the grace is used up here is not missing when they are asked for.
    /// </summary>
    public ValueTask MeetAsync()
    {
        Warm();
        var unknown = View.Pools.Where(p => SlotOf(p).Live is null && p.LastHandshake(p.EraFor(Era)) is null).ToList();
        return unknown.Count == 0 ? ValueTask.CompletedTask : new ValueTask(MeetAsync(unknown));
    }

    /// <summary>Starts to fetch what is missing, without waiting.</summary>
    public void Warm()
    {
        foreach (var pool in View.Pools)
        {
            if (!_store.IsSettled(SlotOf(pool), ListKind.Tools))
            {
                _ = LoadAsync(pool);
            }
        }
    }

    /// <summary>Fetches one server's lists, however long it takes (its own startup timeout bounds it). Never faults.</summary>
    public Task LoadAsync(ServerPool pool) => LoadAsync(pool, static lists => lists.WantAsync());

    private ConnectionSlot SlotOf(ServerPool pool, Era era) => era == Era.Modern ? pool.Modern()
        : Era == Era.Modern ? pool.Bridged(ProfileAt(pool)) : pool.Legacy(ProfileAt(pool), Session);

    private ClientProfile ProfileAt(ServerPool pool) => pool.Model.Sharing == Sharing.Principal ? _ofPrincipal ??= Profile.For(View.Principal) : Profile;

    private async Task MeetAsync(List<ServerPool> unknown)
    {
        var clock = unknown[0].Clock;
        var left = unknown.Max(p => _store.For(SlotOf(p)).FirstWanted) + (long)View.Limits.ListGrace.TotalMilliseconds - clock.Now;
        if (left > 0)
        {
            await Task.WhenAny(Task.WhenAll(unknown.Select(MeetAsync)), Task.Delay(TimeSpan.FromMilliseconds(left), clock.Time)).ConfigureAwait(false);
        }
    }

    private async Task MeetAsync(ServerPool pool)
    {
        try
        {
            await OpenAsync(pool).ConfigureAwait(false);
        }
        catch (ConnectFailure)
        {
            // The pool's state says why.
        }
    }

    /// <summary>Fetches lists over the connection a client of this kind uses; which one that is may have to be found out.</summary>
    private async Task LoadAsync(ServerPool pool, Func<SlotLists, Task> want)
    {
        var slot = SlotOf(pool);
        var wanted = want(_store.For(slot));
        if (slot.Live is null)
        {
            try
            {
                var opened = await OpenAsync(pool).ConfigureAwait(false);
                if (!ReferenceEquals(opened, slot))
                {
                    await want(_store.For(opened)).ConfigureAwait(false);
                    return;
                }
            }
            catch (ConnectFailure)
            {
                // The pool's state says why.
            }
        }

        await wanted.ConfigureAwait(false);
    }

    private async ValueTask<MergedCatalog> WaitAsync(MergedCatalog merged, ListKind kind)
    {
        var clock = View.Pools[0].Clock;
        var now = clock.Now;
        var grace = (long)View.Limits.ListGrace.TotalMilliseconds;
        if (_firstListed == 0)
        {
            Interlocked.CompareExchange(ref _firstListed, Math.Max(1, now), 0);
        }

        var waits = new List<Task>();
        var longest = 0L;
        foreach (var pool in merged.Missing(kind))
        {
            var lists = _store.For(SlotOf(pool));
            var wait = LoadAsync(pool, all => all.WantAsync(kind));

            // The grace counts from the first list that such a client wanted of the server: one that hangs costs one list its time, not
            // every list, and a client that has only just come is not given less because others, or a discovery, asked before.
            var left = Math.Max(lists.FirstWanted, Volatile.Read(ref _firstListed)) + grace - now;
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
    internal MergedCatalog Give(ListKind kind)
    {
        lock (_gate)
        {
            var now = Refresh();
            _told[(int)kind] ??= now[kind];
            return now;
        }
    }
}
