using System.Collections.Concurrent;
using System.Collections.Immutable;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Bridging;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Resilience.Balancing;
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
    private readonly ConcurrentDictionary<ClientSession, ClientSession> _sessions = new();
    private readonly ConcurrentDictionary<SharedBy, ClientCatalog> _shared = new();
    private readonly ModernKinds _modern;
    private readonly HealthChecks _checks;
    private readonly Reconciler _reconciler;
    private readonly Pulse _pulse;
    private volatile RouterSnapshot _snapshot;
    private Askers? _askers;
    private long _nextLook;
    private bool _disposed;

    /// <summary>Creates one; no server is started.</summary>
    /// <param name="model">Everything wanted.</param>
    /// <param name="connectorFor">Finds the connector for a kind of transport.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">A number from 0 up to 1, another each time: spreads attempts that would come at once. Null spreads nothing.</param>
    /// <param name="processMemory">Bytes of memory that the processes of servers hold, quickly; null where nobody knows, and nothing bounds it.</param>
    public RouterEngine(
        RouterModel model, Func<TransportModel, IConnector> connectorFor, TimeProvider time, Func<double>? random = null, Func<long>? processMemory = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Info = RouterIdentity.As(model.Name);
        Clock = new MonotonicClock(time);
        Store = new CatalogStore();
        _modern = new ModernKinds(Store);
        Listens = new ListenHub();
        Attendances = new Attendances(Listens, SubscribedAt, pool => Tasks.OpenAt(pool.Model.Name));
        Attendances.HeardAgain += OnHeardAgain;
        Watches = new Watches(this);
        Keeper = new Keeper(this);
        News = new ListNews(this, _modern);
        Naps = new Naps(this);
        _pulse = new Pulse(time, Sweep, IsBusy);
        var setup = new PoolSetup
        {
            Limits = model.Limits,
            Clock = Clock,
            Pulse = _pulse,
            Events = new UpstreamNews(this),
            ConnectorFor = connectorFor,
            Budget = new ProcessBudget(model.Limits.MaxProcesses, model.Limits.MaxProcessMemory, processMemory),
            Random = Random = random ?? (static () => 0.5),
        };
        _reconciler = new Reconciler(this, setup);
        _snapshot = _reconciler.Begin(model);
        All = new View(null, ViewContent.OfDefault(Pools, model));
        Whole = new View(null, ViewContent.OfAll(Pools, model));
        Chooser = new Chooser(Random);
        Reports = new PoolReports(this) { Changed = pool => ServerChanged?.Invoke(pool), LifeChanged = transition => LifeChanged?.Invoke(transition) };
        Store.Changed += Reports.OnListsChanged;
        Store.Redefined += Reports.OnRedefined;
        foreach (var pool in Pools)
        {
            Reports.Hear(pool);
        }

        _checks = new HealthChecks(this);
        Bridge = new Bridge(model.Limits, Clock) { Tasks = { News = new TaskNews(this) } };
        _pulse.Begin();
    }

    /// <summary>Raised when a server's state or lists changed.</summary>
    public event Action<ServerPool>? ServerChanged;

    /// <summary>Told of every transition in the life of a server, those of one server in order. Must not block.</summary>
    public event Action<UpstreamTransition>? LifeChanged;

    /// <summary>Everything wanted, as the configuration said last.</summary>
    public RouterModel Model => _snapshot.Model;

    /// <summary>Keeps what is called and changed; null for nobody. Set before the first client comes.</summary>
    public IRecorder? Recorder { get; set; }

    /// <summary>How it introduces itself to clients: the <c>Implementation</c> object as JSON.</summary>
    internal byte[] Info { get; }

    /// <summary>The monotonic clock.</summary>
    public MonotonicClock Clock { get; }

    /// <summary>All servers in configured order.</summary>
    public ImmutableArray<ServerPool> Pools => _snapshot.Pools;

    /// <summary>The view of clients that choose nothing: all servers, or the namespace that is meant for them.</summary>
    public View All { get; }

    /// <summary>The view of all servers, for the operator.</summary>
    public View Whole { get; }

    /// <summary>All lists.</summary>
    public CatalogStore Store { get; }

    /// <summary>The listen streams.</summary>
    public ListenHub Listens { get; }

    /// <summary>The streams the router keeps at modern servers.</summary>
    public Attendances Attendances { get; }

    /// <summary>What calls between eras have in common.</summary>
    public Bridge Bridge { get; }

    /// <summary>Subscriptions at legacy servers for modern clients.</summary>
    internal Watches Watches { get; }

    /// <summary>Tells clients of lists that changed.</summary>
    internal ListNews News { get; }

    /// <summary>Hears what becomes of servers.</summary>
    internal PoolReports Reports { get; }

    /// <summary>What the configuration said last, and the servers it led to.</summary>
    internal RouterSnapshot Snapshot
    {
        get => _snapshot;
        set => _snapshot = value;
    }

    /// <summary>Lets go of servers that nobody uses.</summary>
    internal Naps Naps { get; }

    /// <summary>Keeps servers there.</summary>
    internal Keeper Keeper { get; }

    /// <summary>A number from 0 up to 1, another each time.</summary>
    internal Func<double> Random { get; }

    /// <summary>Chooses between servers.</summary>
    internal Chooser Chooser { get; }

    /// <summary>Which of several servers asked what.</summary>
    internal Askers Askers => LazyInitializer.EnsureInitialized(ref _askers, () => new Askers(Clock, Model.Limits.ParkTimeout));

    /// <summary>Sends a request again that did not run, as it stands in the frame. Set by the handlers, which know how; null before the first request.</summary>
    internal Action<RouterEngine, KeptRequest, ServerPool, RouterError>? SendAgain { get; set; }

    /// <summary>True once it was stopped.</summary>
    internal bool IsDisposed => Volatile.Read(ref _disposed);

    /// <summary>Whose the tasks at legacy servers are.</summary>
    public TaskOwners Tasks { get; } = new();

    /// <summary>Which tools made the tasks at modern servers.</summary>
    internal TaskTools TaskTools { get; } = new();

    /// <summary>The legacy sessions that are open.</summary>
    public IEnumerable<ClientSession> Sessions => _sessions.Keys;

    /// <summary>How many legacy sessions are open.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>The view of one server alone, or null.</summary>
    public View? FindView(string server) => _snapshot.Views.GetValueOrDefault(server);

    /// <summary>The view of a namespace, or null.</summary>
    public View? FindNamespace(string name) => _snapshot.Namespaces.GetValueOrDefault(name);

    /// <summary>Servers that were changed or removed while calls of theirs are open.</summary>
    public IEnumerable<ServerPool> Leaving => _reconciler.Leaving;

    /// <summary>Finds a server by name.</summary>
    public ServerPool? PoolOf(string name) => FindView(name)?.Pools[0];

    /// <summary>Who runs in the place of a server that is run anew; itself when it is not, or nobody is.</summary>
    internal ServerPool Successor(ServerPool pool) => pool.State.Life.IsOffered ? pool : PoolOf(pool.Model.Name) ?? pool;

    /// <summary>
    /// Takes over another configuration while it runs: servers of which it says nothing new are not touched, calls that are open come to
    /// their ends, and clients are told of lists that look different. Waits for nothing. Some of <see cref="RouterModel.Limits"/> hold for
    /// sessions and connections that are opened from now on.
    /// </summary>
    public ReloadOutcome Apply(RouterModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return _reconciler.Apply(model);
    }

    /// <summary>The lists modern clients of a view see that can do nothing.</summary>
    public ClientCatalog ModernCatalog(View view) => ModernCatalog(view, "{}"u8);

    /// <summary>The lists modern clients of a view see.</summary>
    /// <param name="view">The selection of servers.</param>
    /// <param name="capabilities">The JSON object that says what the client can do: legacy servers behind the view are told of it.</param>
    public ClientCatalog ModernCatalog(View view, ReadOnlySpan<byte> capabilities) => _modern.CatalogFor(view, capabilities);

    /// <summary>The lists a legacy session sees.</summary>
    public ClientCatalog LegacyCatalog(ClientSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var view = session.View;
        if (HasPrivate(session))
        {
            return new ClientCatalog(Store, view, Era.Legacy, session.Profile, session);
        }

        var key = new SharedBy(view, session.Profile.Key);
        return _shared.TryGetValue(key, out var catalog)
            ? catalog
            : _shared.GetOrAdd(key, new ClientCatalog(Store, view, Era.Legacy, session.Profile, null));
    }

    /// <summary>Gives a session its lists. The configuration may have changed since they were looked up.</summary>
    internal void Admit(ClientSession session, ClientCatalog catalog)
    {
        session.Catalog = catalog;
        if (catalog.Session is null && HasPrivate(session))
        {
            session.Catalog = LegacyCatalog(session);
        }
    }

    /// <summary>The sessions that use a connection.</summary>
    public IEnumerable<ClientSession> SessionsOf(UpstreamConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Order.Owner is ClientSession owner)
        {
            return PoolOf(connection.Server.Name) is { } own && !owner.View.Holds(own) ? [] : [owner];
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
        foreach (var pool in Pools.Concat(Leaving))
        {
            // Also where its view does not lead any more.
            foreach (var slot in pool.Slots.Where(s => ReferenceEquals(s.Owner, session)))
            {
                Store.Drop(slot);
            }

            pool.EndSession(session);
        }
    }

    /// <summary>Lets go of what was kept for the clients of a view that is gone.</summary>
    internal void Forget(View view)
    {
        _modern.Forget(view);
        foreach (var key in _shared.Keys.Where(k => k.View == view))
        {
            _shared.TryRemove(key, out _);
        }
    }

    /// <summary>Starts the servers that start by themselves, without waiting.</summary>
    public void Begin() => Keeper.Begin();

    /// <summary>Connects to one server, to show what is there. Completes when it is ready or has failed.</summary>
    public Task ProbeAsync(string server) => PoolOf(server) is { } pool ? ProbeAsync(pool) : Task.CompletedTask;

    /// <summary>Connects to every server, one attempt each, to show what is there. Completes when all are ready or have failed.</summary>
    public Task ProbeAllAsync() => Task.WhenAll(Pools.Select(ProbeAsync));

    /// <summary>Stops everything: clients are told, children are ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, true);
        await _pulse.DisposeAsync().ConfigureAwait(false);
        Listens.End();
        foreach (var session in Sessions)
        {
            Remove(session);
        }

        await Task.WhenAll(Pools.Concat(_reconciler.Leaving).Select(p => p.DisposeAsync().AsTask())).ConfigureAwait(false);
        Bridge.Dispose();
    }

    /// <summary>Tells whether a session has a connection for itself at any server.</summary>
    private static bool HasPrivate(ClientSession session)
    {
        foreach (var pool in session.View.Pools)
        {
            if (pool.IsPrivate(session.Profile))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The resources of a modern server that legacy clients subscribed to.</summary>
    private IEnumerable<string> SubscribedAt(ServerPool pool)
    {
        var prefix = Subscriptions.Key(pool, "");
        return Sessions.Where(s => s.Catalog is { } c && s.View.Pools.Contains(pool) && c.SlotOf(pool).Era == Era.Modern).SelectMany(s => s.Subscribed(prefix));
    }

    private async Task ProbeAsync(ServerPool pool)
    {
        await Probe.RunAsync(pool, Store).ConfigureAwait(false);
        Reports.Tell(pool);
    }

    private void OnHeardAgain(ServerPool pool) => Store.For(pool.Modern()).MarkAllDirty();

    private void Sweep()
    {
        var now = Clock.Now;
        foreach (var pool in Pools)
        {
            pool.Sweep(now);
        }

        Bridge.Sweep(now);
        Naps.Sweep(now);
        _checks.Sweep(now);

        if (now >= _nextLook)
        {
            _nextLook = now + LookEveryMs;
            EndUnused(now);
            Watches.Sweep();
            Keeper.Sweep();
        }
    }

    /// <summary>Whether a call is open that has a deadline, or a server is looked after.</summary>
    private bool IsBusy() => Pools.Any(static p => p.Health is not { Checks: null, HasOthers: false } || p.Slots.Any(static s => s.Live is { Pending.Passing: > 0 }));

    /// <summary>Lets go of what was kept for kinds of clients that have not been there for a while.</summary>
    private void EndUnused(long now)
    {
        HashSet<string> wanted = [.. Sessions.Select(s => s.Profile.Key), .. _modern.TakeUsed(Listens.Catalogs.ToHashSet(), now), .. Bridge.Tasks.ProfileKeys];
        foreach (var slot in Pools.SelectMany(p => p.EndUnused(wanted, now)))
        {
            Store.DropShared(slot);
            foreach (var key in _shared.Keys.Where(k => k.Profile == slot.Profile.Kind))
            {
                _shared.TryRemove(key, out _);
            }
        }
    }

    /// <summary>Clients that see the same lists. A class, since code for tables of structs is compiled while the first client waits.</summary>
    private sealed record SharedBy(View View, string Profile);
}
