using System.Collections.Concurrent;
using System.Collections.Immutable;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// The router itself: servers, lists, sessions, and the way of a request through them. Listeners feed it frames; it answers through
/// exchanges. Thread-safe.
/// </summary>
public sealed class RouterEngine : IAsyncDisposable
{
    private const long LookEveryMs = 10_000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<ClientSession, ClientSession> _sessions = new();
    private readonly ConcurrentDictionary<SharedBy, ClientCatalog> _shared = new();
    private readonly ConcurrentDictionary<View, ClientCatalog> _modern = new();
    private readonly Dictionary<string, View> _views;
    private readonly ITimer _sweeper;
    private long _nextLook;

    /// <summary>Creates one; no server is started.</summary>
    /// <param name="model">Everything wanted.</param>
    /// <param name="connectorFor">Finds the connector for a kind of transport.</param>
    /// <param name="time">The clock.</param>
    public RouterEngine(RouterModel model, Func<TransportModel, IConnector> connectorFor, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        Clock = new MonotonicClock(time);
        Store = new CatalogStore();
        Listens = new ListenHub();
        Listens.HeardAgain += OnHeardAgain;
        var setup = new PoolSetup { Limits = model.Limits, Clock = Clock, Events = new UpstreamNews(this), ConnectorFor = connectorFor };
        Pools = [.. model.Servers.Select(s => new ServerPool(s, setup))];
        All = new View(null, Pools, model.Naming, model.Limits);
        _views = Pools.ToDictionary(p => p.Model.Name, p => new View(p.Model.Name, [p], model.Naming, model.Limits), StringComparer.Ordinal);
        Store.Changed += OnListsChanged;
        foreach (var pool in Pools)
        {
            pool.Changed += OnPoolChanged;
        }

        _sweeper = time.CreateTimer(static s => ((RouterEngine)s!).Sweep(), this, SweepEvery, SweepEvery);
    }

    /// <summary>Raised when a server's state or lists changed.</summary>
    public event Action<ServerPool>? ServerChanged;

    /// <summary>Everything wanted.</summary>
    public RouterModel Model { get; }

    /// <summary>The monotonic clock.</summary>
    public MonotonicClock Clock { get; }

    /// <summary>All servers in configured order.</summary>
    public ImmutableArray<ServerPool> Pools { get; }

    /// <summary>The view of all servers.</summary>
    public View All { get; }

    /// <summary>All lists.</summary>
    public CatalogStore Store { get; }

    /// <summary>The listen streams.</summary>
    public ListenHub Listens { get; }

    /// <summary>Whose the tasks at legacy servers are.</summary>
    public TaskOwners Tasks { get; } = new();

    /// <summary>The legacy sessions that are open.</summary>
    public IEnumerable<ClientSession> Sessions => _sessions.Keys;

    /// <summary>How many legacy sessions are open.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>The view of one server alone, or null.</summary>
    public View? FindView(string server) => _views.GetValueOrDefault(server);

    /// <summary>Finds a server by name.</summary>
    public ServerPool? PoolOf(string name) => _views.TryGetValue(name, out var view) ? view.Pools[0] : null;

    /// <summary>The lists modern clients of a view see.</summary>
    public ClientCatalog ModernCatalog(View view) =>
        _modern.TryGetValue(view, out var catalog)
            ? catalog
            : _modern.GetOrAdd(view, new ClientCatalog(Store, view, Era.Modern, ClientProfile.Plain, null));

    /// <summary>The lists a legacy session sees.</summary>
    public ClientCatalog LegacyCatalog(ClientSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var view = session.View;
        foreach (var pool in view.Pools)
        {
            if (pool.IsPrivate(session.Profile))
            {
                return new ClientCatalog(Store, view, Era.Legacy, session.Profile, session);
            }
        }

        var key = new SharedBy(view, session.Profile.Key);
        return _shared.TryGetValue(key, out var catalog)
            ? catalog
            : _shared.GetOrAdd(key, new ClientCatalog(Store, view, Era.Legacy, session.Profile, null));
    }

    /// <summary>The sessions that use a connection.</summary>
    public IEnumerable<ClientSession> SessionsOf(UpstreamConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Order.Owner is ClientSession owner)
        {
            return [owner];
        }

        return PoolOf(connection.Server.Name) is not { } pool
            ? []
            : Sessions.Where(s => s.Catalog is { } catalog && s.View.Pools.Contains(pool) && ReferenceEquals(catalog.SlotOf(pool).Live, connection));
    }

    /// <summary>Registers a session.</summary>
    /// <returns>False when there are as many as there may be.</returns>
    public bool TryAdd(ClientSession session)
    {
        if (_sessions.Count >= Model.Limits.MaxSessions)
        {
            return false;
        }

        ArgumentNullException.ThrowIfNull(session);
        session.LastSeen = Clock.Now;
        return _sessions.TryAdd(session, session);
    }

    /// <summary>Ends a session and what belongs to it alone. Idempotent.</summary>
    public void Remove(ClientSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        _sessions.TryRemove(session, out _);
        session.End();
        Tasks.End(session);
        foreach (var pool in session.View.Pools)
        {
            foreach (var slot in pool.Slots.Where(s => ReferenceEquals(s.Owner, session)))
            {
                Store.Drop(slot);
            }

            pool.EndSession(session);
        }
    }

    /// <summary>Takes a notification of a legacy client.</summary>
    public static void TakeNotification(ClientSession session, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(session);
        switch (envelope.Method)
        {
            case McpMethod.Initialized:
                session.Catalog?.Warm();
                break;
            case McpMethod.Cancelled when envelope.RequestId.Exists:
                session.Withdraw(envelope.RequestId.Of(frame), Reasons.Of(frame, envelope));
                break;
            case McpMethod.Progress when envelope.NotifiedToken.Exists:
                session.Asking.TakeProgress(frame, envelope);
                break;
            case McpMethod.TasksStatus:
                session.Asking.TakeTaskStatus(frame, envelope);
                break;
            case McpMethod.RootsListChanged or McpMethod.Unknown:
                ToOwnConnections(session, frame, envelope.Method);
                break;
            default:
                break;
        }
    }

    /// <summary>Connects to every server, one attempt each, to show what is there. Completes when all are ready or have failed.</summary>
    public Task ProbeAllAsync() => Task.WhenAll(Pools.Select(ProbeAsync));

    /// <summary>Stops everything: clients are told, children are ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        Listens.End();
        foreach (var session in Sessions)
        {
            Remove(session);
        }

        await Task.WhenAll(Pools.Select(p => p.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>Tells a server that has just been connected to, or has forgotten us, what its clients wanted of it.</summary>
    internal void Restore(ConnectionSlot slot, UpstreamConnection connection)
    {
        // What was listed over an earlier connection, or by another client's, may be different here.
        Store.For(slot).MarkAllDirty();
        if (slot.Era == Era.Modern)
        {
            _ = Listens.Attend(slot.Pool);
            return;
        }

        LogLevels.Apply(connection, this);
        Subscriptions.Restore(connection, this);
    }

    private async Task ProbeAsync(ServerPool pool)
    {
        try
        {
            var connection = await pool.ProbeAsync().ConfigureAwait(false);
            var slot = pool.Slots.First(s => ReferenceEquals(s.Live, connection));
            if (slot.Era == Era.Legacy && pool.Modern().IsOpening)
            {
                // Should it still turn out to be modern, that is the era its tools are shown in.
                _ = Store.For(pool.Modern()).WantAsync();
            }

            await Store.For(slot).WantAsync().ConfigureAwait(false);
        }
        catch (ConnectFailure)
        {
            // The pool's state says why.
        }

        ServerChanged?.Invoke(pool);
    }

    /// <summary>What a client says to all its servers goes to the connections it has for itself.</summary>
    private static void ToOwnConnections(ClientSession session, ReadOnlySpan<byte> frame, McpMethod method)
    {
        byte[]? copy = null;
        foreach (var pool in session.View.Pools)
        {
            if (session.Catalog?.SlotOf(pool) is { Owner: not null, Live: { } connection })
            {
                _ = connection.NotifyAsync(copy ??= frame.ToArray(), method).AsTask();
            }
        }
    }

    private void OnPoolChanged(ServerPool pool, ConnectionSlot slot)
    {
        if (slot.Live is { } connection)
        {
            Restore(slot, connection);
        }

        ServerChanged?.Invoke(pool);
    }

    private void OnHeardAgain(ServerPool pool) => Store.For(pool.Modern()).MarkAllDirty();

    private void OnListsChanged(SlotLists lists, IReadOnlyList<ListKind>? changed)
    {
        var pool = lists.Slot.Pool;
        if (changed is { Count: > 0 })
        {
            if (lists.Slot.Era == Era.Modern)
            {
                foreach (var (view, catalog) in _modern)
                {
                    if (view.Pools.Contains(pool))
                    {
                        Announce(catalog, kind => Listens.ListChanged(view, kind));
                    }
                }
            }
            else
            {
                foreach (var group in Sessions.Where(s => s.Catalog is { } c && s.View.Pools.Contains(pool) && ReferenceEquals(c.SlotOf(pool), lists.Slot)).GroupBy(s => s.Catalog!))
                {
                    Announce(group.Key, kind => TellAll(group, kind));
                }
            }
        }

        ServerChanged?.Invoke(pool);
    }

    private static void TellAll(IEnumerable<ClientSession> sessions, ListKind kind)
    {
        var frame = System.Text.Encoding.ASCII.GetBytes($"{{\"jsonrpc\":\"2.0\",\"method\":\"{McpMethods.NameOf(kind.Changed())}\"}}");
        foreach (var session in sessions)
        {
            session.Send(frame, default, droppable: true);
        }
    }

    private static void Announce(ClientCatalog catalog, Action<ListKind> tell)
    {
        foreach (var kind in catalog.TakeNews())
        {
            tell(kind);
        }
    }

    private void Sweep()
    {
        var now = Clock.Now;
        foreach (var pool in Pools)
        {
            pool.Sweep(now);
        }

        if (now >= _nextLook)
        {
            _nextLook = now + LookEveryMs;
            EndUnused(now);
        }
    }

    /// <summary>Lets go of what was kept for kinds of clients that have not been there for a while.</summary>
    private void EndUnused(long now)
    {
        HashSet<string> wanted = [.. Sessions.Select(s => s.Profile.Key)];
        foreach (var slot in Pools.SelectMany(p => p.EndUnused(wanted, now)))
        {
            Store.DropShared(slot);
            foreach (var key in _shared.Keys.Where(k => k.Profile == slot.Profile.Key))
            {
                _shared.TryRemove(key, out _);
            }
        }
    }

    /// <summary>Clients that see the same lists. A class, since code for tables of structs is compiled while the first client waits.</summary>
    private sealed record SharedBy(View View, string Profile);
}
