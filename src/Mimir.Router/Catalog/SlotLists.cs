using Mimir.Protocol.Revisions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>
/// The four lists as one connection slot shows them: fetched when first needed and again when the server says they changed, kept
/// when the server is away or answers with an error, and then asked for again after a growing pause.
/// </summary>
public sealed class SlotLists
{
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(500), FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly ServerList?[] _lists = new ServerList?[ListKinds.Count];
    private readonly TaskCompletionSource[] _seen = [NewSignal(), NewSignal(), NewSignal(), NewSignal()];
    private readonly string?[] _problems = new string?[ListKinds.Count];
    private readonly CatalogStore _store;
    private TimeSpan _pause = FirstPause;
    private bool _pausing;
    private Task? _loading;
    private int _dirty;
    private int _loadedGeneration = -1;

    internal SlotLists(CatalogStore store, ConnectionSlot slot)
    {
        _store = store;
        Slot = slot;
    }

    /// <summary>Whose lists they are.</summary>
    public ConnectionSlot Slot { get; }

    /// <summary>When somebody first wanted them, on the monotonic clock; 0 before.</summary>
    public long FirstWanted { get; private set; }

    /// <summary>True once they were fetched from this slot.</summary>
    public bool IsLoaded => Volatile.Read(ref _loadedGeneration) >= 0;

    /// <summary>A list as last seen here, or null.</summary>
    public ServerList? this[ListKind kind] => Volatile.Read(ref _lists[(int)kind]);

    /// <summary>Why a list could not be had when it was last asked for; null when it could.</summary>
    public string? ProblemOf(ListKind kind) => Volatile.Read(ref _problems[(int)kind]);

    /// <summary>Starts to fetch unless that is under way or was done.</summary>
    /// <returns>Completes when the lists are there or could not be had; never faults.</returns>
    public Task WantAsync()
    {
        lock (_gate)
        {
            if (FirstWanted == 0)
            {
                FirstWanted = Math.Max(1, Slot.Pool.Clock.Now);
            }

            // First: lists that are being shown count as loaded a moment before everybody can see them.
            if (_loading is { IsCompleted: false })
            {
                return _loading;
            }

            if (IsLoaded && _dirty == 0)
            {
                return Task.CompletedTask;
            }

            if (Slot.CurrentFailure is not null)
            {
                return Task.CompletedTask;
            }

            return _loading = Task.Run(LoadAsync);
        }
    }

    /// <summary>As <see cref="WantAsync()"/>, for a list of one kind: completes when that was seen, whatever becomes of the others.</summary>
    public Task WantAsync(ListKind kind)
    {
        var all = WantAsync();
        var seen = _seen[(int)kind].Task;
        return all.IsCompleted || seen.IsCompleted ? Task.CompletedTask : Task.WhenAny(all, seen);
    }

    /// <summary>Notes that the server's list changed and fetches it again soon; a storm of such news costs one fetch.</summary>
    public void MarkDirty(ListKind kind)
    {
        lock (_gate)
        {
            _dirty |= 1 << (int)kind;
            if (kind == ListKind.Resources)
            {
                _dirty |= 1 << (int)ListKind.Templates;
            }
        }

        if (FirstWanted != 0 || Slot.Owner is not null)
        {
            _ = WantAsync();
        }
    }

    /// <summary>Fetches a list again even though the server did not say that it changed.</summary>
    /// <returns>As <see cref="WantAsync()"/>.</returns>
    public Task FetchAgainAsync(ListKind kind)
    {
        MarkDirty(kind);
        return WantAsync();
    }

    /// <summary>Notes that a new connection was opened: its lists may differ.</summary>
    public void MarkAllDirty()
    {
        foreach (var kind in ListKinds.All)
        {
            MarkDirty(kind);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LoadAsync()
    {
        var first = true;
        try
        {
            while (true)
            {
                var connection = await Slot.OpenAsync().ConfigureAwait(false);
                int dirty;
                lock (_gate)
                {
                    dirty = IsLoaded ? _dirty : 0b1111;
                    _dirty = 0;
                    if (dirty == 0)
                    {
                        // Leaving and being asked again must not cross: whoever marks after this point starts a new load.
                        _loading = null;
                        return;
                    }
                }

                if (!first)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50), Slot.Pool.Clock.Time).ConfigureAwait(false);
                }

                await FetchAsync(connection, dirty).ConfigureAwait(false);
                first = false;
                if (Array.Exists(_problems, static p => p is not null))
                {
                    // One at a time: however often the server says that its lists changed, it is asked again once.
                    if (!Interlocked.Exchange(ref _pausing, true))
                    {
                        _ = AgainAsync(_pause);
                        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
                    }
                }
                else
                {
                    _pause = FirstPause;
                }
            }
        }
        catch (Exception e) when (e is ConnectFailure or RequestFailed or OperationCanceledException or System.Text.Json.JsonException)
        {
            // What was last known good stays; the pool's state says why the server is away.
            _store.Touched(this, changed: null);
        }
    }

    /// <summary>Asks again, after a pause, for what could not be had. Without a connection there is nobody to ask, and a new one is asked for all.</summary>
    private async Task AgainAsync(TimeSpan pause)
    {
        await Task.Delay(pause, Slot.Pool.Clock.Time).ConfigureAwait(false);
        Volatile.Write(ref _pausing, false);
        if (Slot.Live is null || !ReferenceEquals(_store.Find(Slot), this))
        {
            return;
        }

        foreach (var kind in ListKinds.All.Where(k => _problems[(int)k] is not null))
        {
            MarkDirty(kind);
        }
    }

    /// <summary>
    /// Fetches the lists side by side. What is there after a moment is shown at once: a list that hangs holds up no other, and
    /// those that come soon make one piece of news.
    /// </summary>
    private async Task FetchAsync(UpstreamConnection connection, int dirty)
    {
        using var limit = new CancellationTokenSource(Slot.Pool.Model.StartupTimeout, Slot.Pool.Clock.Time);
        var fetches = ListKinds.All.Where(k => (dirty & (1 << (int)k)) != 0)
            .ToDictionary(k => k, k => ListFetcher.FetchAsync(connection, k, limit.Token));
        var all = Task.WhenAll(fetches.Values);
        await Task.WhenAny(all, Task.Delay(Together, Slot.Pool.Clock.Time, limit.Token)).ConfigureAwait(false);
        if (!all.IsCompleted && fetches.Values.Any(f => f.IsCompletedSuccessfully))
        {
            await ShowAsync(fetches).ConfigureAwait(false);
        }

        await ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!connection.IsOpen)
        {
            // What it answered to the end of it is no verdict on its lists; the next connection is asked anew.
            throw new ConnectFailure($"Server '{Slot.Pool.Model.Name}' was lost while it listed.");
        }

        Interlocked.Increment(ref _loadedGeneration);
        await ShowAsync(fetches).ConfigureAwait(false);
    }

    /// <summary>
    /// Servers show more to clients that can do more. What is counted for people is what one kind of client sees, or the numbers
    /// would go up and down with who comes in.
    /// </summary>
    private void Count(UpstreamState state)
    {
        var era = Slot.Pool.ShownEra;
        var isOwn = Slot.Era == era && (Slot.Era == Era.Modern || (Slot.Owner is null && Slot.Profile.Key == ClientProfile.Plain.Key));
        if (state.MeasuredIn == era && !isOwn)
        {
            return;
        }

        state.MeasuredIn = isOwn ? era : null;
        state.Tools = this[ListKind.Tools]?.Entries.Length;
        state.Prompts = this[ListKind.Prompts]?.Entries.Length;
        state.Resources = this[ListKind.Resources]?.Entries.Length;
        state.Templates = this[ListKind.Templates]?.Entries.Length;
    }

    private string Reason(Task fetch) => fetch.Exception?.InnerException switch
    {
        null => $"no answer within {Slot.Pool.Model.StartupTimeout.TotalSeconds:0.#} s (startupTimeout)",
        System.Text.Json.JsonException => "the answer is not valid JSON",
        var e => e.Message,
    };

    /// <summary>Takes the lists that came and tells of what differs; takes them out of the table.</summary>
    private async Task ShowAsync(Dictionary<ListKind, Task<ServerList>> fetches)
    {
        var changed = new List<ListKind>();
        var shown = new List<ListKind>();
        foreach (var (kind, fetch) in fetches.Where(f => f.Value.IsCompleted).ToList())
        {
            fetches.Remove(kind);
            var old = this[kind];
            shown.Add(kind);
            _problems[(int)kind] = fetch.IsCompletedSuccessfully ? null : $"{kind.Member()} could not be listed: {Reason(fetch)}";
            var list = fetch.IsCompletedSuccessfully ? await fetch.ConfigureAwait(false) : old ?? _store.Known(Slot, kind);
            if (list is not null)
            {
                if (old is null || !old.Shows(list))
                {
                    changed.Add(kind);
                    if (kind == ListKind.Tools && old is not null)
                    {
                        _store.Compare(Slot, old, list);
                    }
                }

                Volatile.Write(ref _lists[(int)kind], list);
            }
        }

        var state = Slot.Pool.State;
        Count(state);
        state.ListProblems = [.. ListKinds.All.Where(k => _problems[(int)k] is not null).Select(k => _problems[(int)k]!)];
        state.Hidden = [.. ListKinds.All.SelectMany(k => this[k]?.Hidden ?? [])];
        _store.Touched(this, changed);
        foreach (var kind in shown)
        {
            _seen[(int)kind].TrySetResult();
        }
    }
}
