using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.State.Health;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>
/// All connections to one server: which of them a client uses, and how they are opened. Thread-safe.
/// </summary>
public sealed class ServerPool : IAsyncDisposable
{
    private const long LatelyMs = 10_000;
    private readonly Handshake?[] _handshakes = new Handshake?[2];
    private readonly SlotTable _slots;
    private readonly CancellationTokenSource _stop = new();
    private readonly PoolSetup _setup;
    private readonly PoolLife _life;
    private int _settling;
    private long _lastThere;
    private long _failingSince;

    /// <summary>Creates one; nothing is started.</summary>
    /// <param name="model">The server.</param>
    /// <param name="setup">The rest of the house.</param>
    /// <param name="hasOthers">True when others can take its calls.</param>
    public ServerPool(ServerModel model, PoolSetup setup, bool hasOthers = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(setup);
        Model = model;
        _setup = setup;
        State = new UpstreamState(new UpstreamLife(model.Name, setup.Clock.Time));
        _life = new PoolLife(this, setup.Budget);
        _slots = new SlotTable(this);
        Habits = new AskingHabits { SaysFor = model.Transport is HttpModel { SseOnly: false } };
        Health = new ServerHealth(model, setup.Clock, hasOthers);
        TaskTag = System.Text.Encoding.ASCII.GetBytes(model.Tag + ".");
    }

    /// <summary>What stands before its task ids where several servers' ids meet.</summary>
    public byte[] TaskTag { get; }

    /// <summary>Raised when a connection was opened, and when an attempt failed.</summary>
    public event Action<ServerPool, ConnectionSlot>? Changed;

    /// <summary>Raised when a connection is gone, after its calls were failed.</summary>
    public event Action<ServerPool>? Left;

    /// <summary>Raised when clients of an era are served in another era than before.</summary>
    public event Action<ServerPool>? EraChanged;

    /// <summary>The server as configured.</summary>
    public ServerModel Model { get; }

    /// <summary>How it is reached, for people; <c>sse</c> once it turned out to speak nothing newer.</summary>
    public string Transport => Connector.KindOf(Model);

    /// <summary>How it does.</summary>
    public ServerHealth Health { get; }

    /// <summary>What is known of it.</summary>
    public UpstreamState State { get; }

    /// <summary>True while it has not been heard of since it was silent to the question which era it speaks.</summary>
    public bool IsSilent { get; internal set; }

    /// <summary>Longest an attempt to start it takes, the question for its era included.</summary>
    public TimeSpan StartLimit => Model.StartupTimeout + (EraProbe.MayWait(Model) ? EraProbe.Patience : default);

    /// <summary>What was seen of how it asks its clients.</summary>
    internal AskingHabits Habits { get; }

    internal EraVerdict Eras { get; } = new();

    /// <summary>The monotonic clock.</summary>
    public MonotonicClock Clock => _setup.Clock;

    /// <summary>
    /// True when it could be reached a moment ago, so that it may be about to come back. That its connections are gone may not have been noticed yet.
    /// </summary>
    public bool WasThereLately => IsRecent(ref _lastThere) || _slots.All.Any(static s => s.IsJustLost)
        || (Model.Transport is HttpModel && IsRecent(ref _failingSince) && _slots.All.Any(static s => s.Live is not null));

    /// <summary>True when it is worth waiting for: it was there a moment ago, and may be started again.</summary>
    public bool IsAboutToReturn => WasThereLately && _life.HoldsBack() is null;

    /// <summary>Its connections.</summary>
    public IEnumerable<ConnectionSlot> Slots => _slots.All;

    /// <summary>The connection slot a modern request uses: one for all.</summary>
    public ConnectionSlot Modern() => _slots.Get(Era.Modern, ClientProfile.Plain, null);

    /// <summary>The connection slot a legacy client uses.</summary>
    /// <param name="profile">Its revision and capabilities.</param>
    /// <param name="session">Its session, or null for the router's own needs.</param>
    public ConnectionSlot Legacy(ClientProfile profile, object? session)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return _slots.Get(Era.Legacy, profile, IsPrivate(profile) ? session : null);
    }

    /// <summary>
    /// The legacy connection slot that modern clients of a kind use. They share none with legacy clients: what a server says outside any
    /// call could be about either, so neither might hear it, and one could take back what the other subscribed to.
    /// </summary>
    /// <param name="profile">What the clients can do, as a legacy server is told it.</param>
    /// <param name="lane">Which of the kind's lanes.</param>
    public ConnectionSlot Bridged(ClientProfile profile, int lane = 0)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return _slots.Get(Era.Legacy, profile, BridgeLane.Of(lane));
    }

    /// <summary>The lanes of a kind of modern clients that were opened so far.</summary>
    /// <param name="first">The first of them.</param>
    internal IEnumerable<ConnectionSlot> LanesOf(ConnectionSlot first) => Slots.Where(s => s.IsBridgedFor(first.Profile));

    /// <summary>True when a client of this kind has a connection for itself.</summary>
    public bool IsPrivate(ClientProfile profile) =>
        Model.Sharing == Sharing.Session || (Model.Sharing == Sharing.Auto && profile.Askable);

    /// <summary>Ends the connections a session has for itself.</summary>
    public void EndSession(object session) => _slots.EndSession(session);

    /// <summary>
    /// Ends connections that clients of one kind shared and that no client of that kind has wanted for a while: kinds are many, since
    /// a client may declare what it likes.
    /// </summary>
    /// <param name="wanted">The profiles of the clients that are there.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    /// <returns>The slots that were ended.</returns>
    public IReadOnlyList<ConnectionSlot> EndUnused(IReadOnlySet<string> wanted, long now) => _slots.EndUnused(wanted, now);

    /// <summary>Fails the calls whose time is over.</summary>
    public void Sweep(long now)
    {
        foreach (var slot in _slots.All)
        {
            slot.Live?.Sweep(now);
        }

        _life.Look(now);
    }

    /// <summary>Lets go of connections nobody has used for as long as the configuration says.</summary>
    /// <param name="isWanted">True for a connection over which somebody waits for what the server may say by itself.</param>
    internal void RestIdle(Func<ConnectionSlot, bool> isWanted)
    {
        if (Model.IdleTimeout > TimeSpan.Zero && Model.Transport is not HttpModel)
        {
            foreach (var slot in _slots.All)
            {
                slot.RestAfter(Model.IdleTimeout, isWanted(slot));
            }
        }
    }

    /// <summary>The era to speak with the server for clients of an era: theirs, unless it is known to speak only the other.</summary>
    public Era EraFor(Era wanted) => Pinned ?? Eras.For(wanted);

    /// <summary>The era in which the server is shown to people: the modern one if it speaks that now.</summary>
    public Era ShownEra => State.Modern is not null && EraFor(Era.Modern) == Era.Modern ? Era.Modern : Era.Legacy;

    /// <summary>True while it is being found out which era the server speaks.</summary>
    public bool IsSettling => Volatile.Read(ref _settling) > 0;

    /// <summary>As <see cref="OpenAsync"/> for nobody in particular: modern if the server speaks it, else legacy.</summary>
    /// <exception cref="ConnectFailure">It speaks neither.</exception>
    public async Task<UpstreamConnection> ProbeAsync()
    {
        var slot = await OpenAsync(Modern(), Legacy(ClientProfile.Plain, null)).ConfigureAwait(false);
        return await slot.OpenAsync().ConfigureAwait(false);
    }

    /// <summary>Opens a connection for a client, in its own era if the server speaks that, else in the other one.</summary>
    /// <param name="native">The connection slot the client would use in its own era.</param>
    /// <param name="foreign">The one it would use in the other era.</param>
    /// <returns>The slot that was opened.</returns>
    /// <exception cref="ConnectFailure">Neither could be opened.</exception>
    public async Task<ConnectionSlot> OpenAsync(ConnectionSlot native, ConnectionSlot foreign)
    {
        ArgumentNullException.ThrowIfNull(native);
        ArgumentNullException.ThrowIfNull(foreign);
        Interlocked.Increment(ref _settling);
        try
        {
            // What worked last is tried first: a server that was restarted is there again after one start.
            var crossed = EraFor(native.Era) != native.Era && !Eras.IsDoubtful(native.Era, Clock.Now);
            var (first, second) = crossed ? (foreign, native) : (native, foreign);
            var opened = await EraProbe.OpenAsync(this, first, Pinned is null ? second : null).ConfigureAwait(false);
            if (opened.Era != native.Era && Pinned is null && Eras.Cross(native.Era, Clock.Now, tested: !crossed))
            {
                EraChanged?.Invoke(this);
            }

            return opened;
        }
        catch (ConnectFailure e)
        {
            Lost(e, native, foreign);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _settling);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_slots.All.Select(s => s.EndAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>What reaches it.</summary>
    internal IConnector Connector => _setup.ConnectorFor(Model.Transport);

    private bool IsRecent(ref long moment) => Volatile.Read(ref moment) is > 0 and var then && Clock.Now - then < LatelyMs;

    private Era? Pinned => Model.Pin?.Era ?? (Model.Transport is HttpModel { SseOnly: true } ? Era.Legacy : null);

    /// <summary>It was asked whether it is well.</summary>
    /// <param name="failure">Why it is not; null when it is.</param>
    /// <returns>True when it is not any more as of now.</returns>
    internal bool Checked(string? failure)
    {
        var worse = Health.Checked(failure);
        _life.Checked(Health.IsWell, Health.LastFailure);
        return worse;
    }

    internal Task<UpstreamConnection> ConnectAsync(ConnectionSlot slot) => Opening.RunAsync(slot, _setup, _stop.Token);

    /// <summary>What was waited before a connection in the other era was tried, for people.</summary>
    internal string Silence(ConnectionSlot slot) => slot.Era == Era.Legacy && IsSilent
        ? $", started again after {EraProbe.Patience.TotalSeconds:0} s of silence to the question which era it speaks; \"protocol\" in its configuration spares that"
        : "";

    /// <summary>How long no attempt is due over a slot, in milliseconds.</summary>
    internal long PauseMs(ConnectionSlot slot) => Math.Max(slot.PauseMs, _life.BarredForMs);

    /// <summary>Why no attempt may be made now; null when one may.</summary>
    internal ConnectFailure? HoldsBack() => _life.HoldsBack();

    /// <summary>Admits an attempt; null when it may be made.</summary>
    internal ConnectFailure? Admit() => _life.Admit();

    /// <summary>An attempt that was admitted has failed, or what it opened is gone.</summary>
    internal void Free() => _life.Free();

    internal void Began() => _life.Began();

    /// <summary>Forgets what speaks against an attempt: the operator wants one.</summary>
    internal void Forgive()
    {
        _life.Forgive();
        foreach (var slot in _slots.All)
        {
            slot.ForgetFailure();
        }
    }

    /// <summary>Spreads a pause by a fifth to either side.</summary>
    internal TimeSpan Jitter(TimeSpan pause) => pause * (0.8 + (0.4 * _setup.Random()));

    /// <summary>What was settled when a connection of an era was last opened, whoever it is for; null before the first.</summary>
    public Handshake? LastHandshake(Era era) => Volatile.Read(ref _handshakes[(int)era]);

    internal void Opened(ConnectionSlot slot, UpstreamConnection connection)
    {
        slot.IsAway = false;
        Volatile.Write(ref _failingSince, 0);
        _life.Opened(connection);
        IsSilent = false;
        Volatile.Write(ref _handshakes[(int)slot.Era], connection.Handshake);
        if (slot.Era == Era.Modern)
        {
            (State.Modern, State.RefusesModern) = (connection.Handshake.Revision, false);
        }
        else
        {
            (State.Legacy, State.RefusesLegacy) = (connection.Handshake.Revision, false);
            Habits.SaysFor = connection.SaysForWhichCall;
        }

        if (Eras.Speaks(slot.Era))
        {
            EraChanged?.Invoke(this);
        }

        Changed?.Invoke(this, slot);
        _ = WatchAsync(slot, connection);
    }

    internal void Failed(ConnectionSlot slot, ConnectFailure failure)
    {
        if (failure is { WrongEra: true, IsGuess: false })
        {
            if (slot.Era == Era.Modern)
            {
                State.RefusesModern = true;
            }
            else
            {
                State.RefusesLegacy = true;
            }
        }

        if (failure.OffersModern)
        {
            // Whatever was concluded from its silence was wrong.
            State.RefusesModern = false;
            Modern().Forget();
        }

        Volatile.Write(ref _lastThere, slot.IsJustLost ? Math.Max(1, Clock.Now) : Volatile.Read(ref _lastThere));
        slot.IsAway = true;
        if (failure.IsOutage)
        {
            Health.Fail(failure.Message);
            Interlocked.CompareExchange(ref _failingSince, Math.Max(1, Clock.Now), 0);
        }

        _life.Failed(slot, failure);
        if (!IsSettling && !_slots.All.Any(s => s.Live is not null || (s != slot && s.IsOpening)))
        {
            // Who finds out which era it speaks says how that ended.
            Conclude(failure, slot);
        }

        Changed?.Invoke(this, slot);
    }

    /// <summary>
    /// Lets go of a connection whose wire is gone, whoever noticed it: a child that closed its output lives on, and the next call
    /// starts another in its place.
    /// </summary>
    private async Task WatchAsync(ConnectionSlot slot, UpstreamConnection connection)
    {
        await connection.Gone.Task.ConfigureAwait(false);
        Gone(slot, connection);
        await connection.DisposeAsync().ConfigureAwait(false);
        Free();
    }

    /// <summary>
    /// A server whose wire broke may come back upgraded: what it refused before is asked again. A wire that was closed because its
    /// client left says nothing of the server.
    /// </summary>
    private void Gone(ConnectionSlot gone, UpstreamConnection connection)
    {
        if (!connection.WasStopped)
        {
            Volatile.Write(ref _lastThere, Math.Max(1, Clock.Now));
            gone.IsAway = true;
            if (Model.Transport is StdioModel)
            {
                gone.Lost(connection.CloseReason);
            }

            State.RefusesModern = State.RefusesLegacy = false;
            foreach (var slot in _slots.All)
            {
                slot.Forget();
            }
        }

        _life.Gone(gone, connection, isLast: !_slots.All.Any(s => s.Live is not null));
        Left?.Invoke(this);
    }

    /// <summary>
    /// No way to the server is left. Who refused an era may have stood in for a server that is not there yet, and nothing would ever
    /// put that right: a verdict is for good only beside an era that works.
    /// </summary>
    private void Lost(ConnectFailure failure, ConnectionSlot native, ConnectionSlot foreign)
    {
        native.Doubt();
        foreign.Doubt();
        if (!_slots.All.Any(s => s.Live is not null || s.IsOpening))
        {
            Conclude(failure, foreign.LastEnd is null ? native : foreign);
            Changed?.Invoke(this, native);
        }
    }

    private void Conclude(ConnectFailure failure, ConnectionSlot slot)
    {
        if (failure is { WrongEra: true, IsGuess: false } && !(State.RefusesModern && State.RefusesLegacy))
        {
            _life.Rejoin();
        }
        else
        {
            _life.Conclude(failure, slot.LastEnd);
        }
    }
}
