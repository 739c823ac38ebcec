using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>
/// All connections to one server: which of them a client uses, and how they are opened. Thread-safe.
/// </summary>
public sealed class ServerPool : IAsyncDisposable
{
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UnusedFor = TimeSpan.FromMinutes(5);
    private readonly Handshake?[] _handshakes = new Handshake?[2];
    private readonly ConcurrentDictionary<SlotKey, ConnectionSlot> _slots = new();
    private readonly ConditionalWeakTable<object, object> _endedSessions = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly PoolSetup _setup;

    /// <summary>Creates one; nothing is started.</summary>
    public ServerPool(ServerModel model, PoolSetup setup)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(setup);
        Model = model;
        _setup = setup;
        TaskTag = System.Text.Encoding.ASCII.GetBytes(model.Prefix + ".");
    }

    /// <summary>What stands before its task ids where several servers' ids meet.</summary>
    public byte[] TaskTag { get; }

    /// <summary>Raised when a connection was opened, and when an attempt failed.</summary>
    public event Action<ServerPool, ConnectionSlot>? Changed;

    /// <summary>The server as configured.</summary>
    public ServerModel Model { get; }

    /// <summary>How it is reached, for people; <c>sse</c> once it turned out to speak nothing newer.</summary>
    public string Transport => _setup.ConnectorFor(Model.Transport).KindOf(Model);

    /// <summary>What is known of it.</summary>
    public UpstreamState State { get; } = new();

    /// <summary>The monotonic clock.</summary>
    public MonotonicClock Clock => _setup.Clock;

    /// <summary>Its connections.</summary>
    public IEnumerable<ConnectionSlot> Slots => _slots.Values;

    /// <summary>The connection slot a modern request uses: one for all.</summary>
    public ConnectionSlot Modern() => Slot(Era.Modern, ClientProfile.Plain, null);

    /// <summary>The connection slot a legacy client uses.</summary>
    /// <param name="profile">Its revision and capabilities.</param>
    /// <param name="session">Its session, or null for the router's own needs.</param>
    public ConnectionSlot Legacy(ClientProfile profile, object? session)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return Slot(Era.Legacy, profile, IsPrivate(profile) ? session : null);
    }

    /// <summary>True when a client of this kind has a connection for itself.</summary>
    public bool IsPrivate(ClientProfile profile) =>
        Model.Sharing == Sharing.Session || (Model.Sharing == Sharing.Auto && profile.Askable);

    /// <summary>Ends the connections a session has for itself.</summary>
    public void EndSession(object session)
    {
        _endedSessions.TryAdd(session, session);
        foreach (var (key, slot) in _slots)
        {
            if (ReferenceEquals(key.Owner, session) && _slots.TryRemove(key, out _))
            {
                _ = slot.EndAsync().AsTask();
            }
        }
    }

    /// <summary>
    /// Ends connections that clients of one kind shared and that no client of that kind has wanted for a while: kinds are many, since
    /// a client may declare what it likes.
    /// </summary>
    /// <param name="wanted">The profiles of the clients that are there.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    /// <returns>The slots that were ended.</returns>
    public IReadOnlyList<ConnectionSlot> EndUnused(IReadOnlySet<string> wanted, long now)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var ended = new List<ConnectionSlot>();
        foreach (var (key, slot) in _slots)
        {
            if (key.Modern || key.Owner is not null || ReferenceEquals(slot.Profile, ClientProfile.Plain))
            {
                continue;
            }

            if (slot.LastWanted == 0 || wanted.Contains(key.Profile) || slot.Live is { Pending.Count: > 0 })
            {
                slot.LastWanted = now;
            }
            else if (now - slot.LastWanted > UnusedFor.TotalMilliseconds && _slots.TryRemove(key, out _))
            {
                _ = slot.EndAsync().AsTask();
                ended.Add(slot);
            }
        }

        return ended;
    }

    /// <summary>Fails the calls whose time is over.</summary>
    public void Sweep(long now)
    {
        foreach (var slot in _slots.Values)
        {
            slot.Live?.Sweep(now);
        }
    }

    /// <summary>
    /// Finds out which era the server speaks: modern first, then legacy. A server that dies on the probe is started again and spoken
    /// to in its own era. One that is silent is started a second time beside the first: it may hang on the probe, and it may only
    /// need long to start, which a download would have to begin anew.
    /// </summary>
    /// <exception cref="ConnectFailure">It speaks neither.</exception>
    public async Task<UpstreamConnection> ProbeAsync()
    {
        var pinned = Model.Pin?.Era ?? (Model.Transport is HttpModel { SseOnly: true } ? Era.Legacy : null);
        if (pinned == Era.Legacy || (pinned is null && State.RefusesModern))
        {
            return await Legacy(ClientProfile.Plain, null).OpenAsync().ConfigureAwait(false);
        }

        var modern = Modern().OpenAsync();
        if (pinned is null)
        {
            await Task.WhenAny(modern, Task.Delay(ProbePatience, Clock.Time)).ConfigureAwait(false);
        }

        var silent = !modern.IsCompleted;
        if (pinned is not null || (!silent && modern.Exception?.InnerException is not ConnectFailure { WrongEra: true }))
        {
            return await modern.ConfigureAwait(false);
        }

        var legacy = Legacy(ClientProfile.Plain, null).OpenAsync();
        var first = silent ? await Task.WhenAny(modern, legacy).ConfigureAwait(false) : legacy;
        try
        {
            return await first.ConfigureAwait(false);
        }
        catch (ConnectFailure) when (first == modern)
        {
            return await legacy.ConfigureAwait(false);
        }
        catch (ConnectFailure) when (silent || (State.RefusesLegacy && !State.RefusesModern))
        {
            return await (silent ? modern : Modern().OpenAsync()).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_slots.Values.Select(s => s.EndAsync().AsTask())).ConfigureAwait(false);
    }

    internal async Task<UpstreamConnection> ConnectAsync(ConnectionSlot slot)
    {
        var pin = Model.Pin;
        if (pin is not null && pin.Era != slot.Era)
        {
            throw new ConnectFailure($"Server '{Model.Name}' is pinned to {pin} (protocol).") { WrongEra = true };
        }

        var order = new ConnectionOrder
        {
            Server = Model,
            Era = slot.Era,
            Profile = slot.Profile,
            Owner = slot.Owner,
            Limits = _setup.Limits,
            Events = _setup.Events,
            Counts = State.Counts,
            Handshake = Handshaker.RunAsync,
            Clock = Clock,
        };

        // Over HTTP silence is an outage of the network or the server and says nothing of eras.
        var probing = slot.Era == Era.Modern && pin is null && Model.Transport is not HttpModel;
        using var timeout = new CancellationTokenSource(Model.StartupTimeout, Clock.Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, timeout.Token);
        UpstreamConnection? connection = null;
        try
        {
            var connector = _setup.ConnectorFor(Model.Transport);
            connection = await connector.ConnectAsync(order, deadline.Token).ConfigureAwait(false);
            try
            {
                await Handshaker.RunAsync(connection, deadline.Token).ConfigureAwait(false);
            }
            catch (ConnectFailure e) when (e.TryOther && connector.TryOther(order))
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                connection = await connector.ConnectAsync(order, deadline.Token).ConfigureAwait(false);
                await Handshaker.RunAsync(connection, deadline.Token).ConfigureAwait(false);
            }

            return connection;
        }
        catch (Exception e)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            throw e switch
            {
                // Silence or death at the probe is how some legacy servers answer it.
                OperationCanceledException when !_stop.IsCancellationRequested => new ConnectFailure(
                    $"Server '{Model.Name}' did not finish its handshake within {Model.StartupTimeout.TotalSeconds:0.#} s (startupTimeout).", e)
                { WrongEra = probing, IsGuess = probing },
                ConnectFailure { WrongEra: false } lost when probing && connection is not null =>
                    new ConnectFailure(lost.Message, lost) { WrongEra = true, IsGuess = true },
                _ => e,
            };
        }
    }

    internal void Began()
    {
        if (State.Status != UpstreamStatus.Ready)
        {
            State.Status = UpstreamStatus.Starting;
        }
    }

    /// <summary>What was settled when a connection of an era was last opened, whoever it is for; null before the first.</summary>
    public Handshake? LastHandshake(Era era) => Volatile.Read(ref _handshakes[(int)era]);

    internal void Opened(ConnectionSlot slot, UpstreamConnection connection)
    {
        State.Status = UpstreamStatus.Ready;
        State.LastError = "";
        State.Generation++;
        Volatile.Write(ref _handshakes[(int)slot.Era], connection.Handshake);
        if (slot.Era == Era.Modern)
        {
            (State.Modern, State.RefusesModern) = (connection.Handshake.Revision, false);
        }
        else
        {
            (State.Legacy, State.RefusesLegacy) = (connection.Handshake.Revision, false);
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

        if (!failure.WrongEra || (State.RefusesModern && State.RefusesLegacy))
        {
            State.LastError = failure.Message;
        }

        if (!_slots.Values.Any(s => s.Live is not null))
        {
            State.Status = State.LastError.Length > 0 ? UpstreamStatus.Failed
                : _slots.Values.Any(s => s != slot && s.IsOpening) ? UpstreamStatus.Starting : UpstreamStatus.Idle;
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
        Gone(slot);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// A server whose wire broke may come back upgraded: what it refused before is asked again. A wire that was closed because its
    /// client left says nothing of the server.
    /// </summary>
    private void Gone(ConnectionSlot gone)
    {
        if (!gone.IsEnded)
        {
            State.RefusesModern = State.RefusesLegacy = false;
            foreach (var slot in _slots.Values)
            {
                slot.Forget();
            }
        }

        if (!_slots.Values.Any(s => s.Live is not null))
        {
            State.Status = UpstreamStatus.Idle;
        }
    }

    private ConnectionSlot Slot(Era era, ClientProfile profile, object? owner)
    {
        var key = new SlotKey(era == Era.Modern, profile.Key, owner);
        if (!_slots.TryGetValue(key, out var slot))
        {
            slot = _slots.GetOrAdd(key, new ConnectionSlot(this, era, profile, owner));
        }

        if (owner is not null && _endedSessions.TryGetValue(owner, out _))
        {
            // What goes on after its session has ended opens nothing, and nothing stays behind.
            EndSession(owner);
        }

        return slot;
    }

    /// <summary>Who shares a connection. A class, since code for tables of structs is compiled while the first client waits.</summary>
    private sealed record SlotKey(bool Modern, string Profile, object? Owner);
}
