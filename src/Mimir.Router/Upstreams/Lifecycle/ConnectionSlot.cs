using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>
/// The place of one connection: opens it when it is first needed, once however many ask, keeps it while it lives, opens a new one
/// when it is gone. After a failure the next attempt waits a little longer each time, and who asks meanwhile is told at once.
/// </summary>
public sealed class ConnectionSlot
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstDoubt = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestForNow = TimeSpan.FromSeconds(1);
    private const long StoodFor = 10_000;
    private readonly Lock _gate = new();
    private readonly ServerPool _pool;
    private readonly List<UpstreamConnection> _retired = [];
    private volatile UpstreamConnection? _live;
    private Task<UpstreamConnection>? _opening;
    private readonly Idleness _idleness = new();
    private UpstreamConnection? _resting;
    private ConnectFailure? _failure;
    private TimeSpan _pause;
    private long _notBefore;
    private long _openedAt;
    private bool _ended;

    internal ConnectionSlot(ServerPool pool, Era era, ClientProfile profile, object? owner)
    {
        _pool = pool;
        Era = era;
        Profile = profile;
        Owner = owner;
    }

    /// <summary>The era spoken on it.</summary>
    public Era Era { get; }

    /// <summary>The kind of client it is for.</summary>
    public ClientProfile Profile { get; }

    /// <summary>The session it belongs to alone, or null.</summary>
    public object? Owner { get; }

    /// <summary>When a client of its kind was last there, on the monotonic clock; 0 until somebody looked. Kept by the pool.</summary>
    internal long LastWanted { get; set; }

    /// <summary>The server's pool.</summary>
    public ServerPool Pool => _pool;

    /// <summary>The open connection, or null.</summary>
    public UpstreamConnection? Live => _live is { IsUsable: true } live ? live : null;

    /// <summary>True while an attempt is under way.</summary>
    public bool IsOpening
    {
        get
        {
            lock (_gate)
            {
                return _opening is { IsCompleted: false };
            }
        }
    }

    /// <summary>
    /// The reason of the last failure while its pause lasts, for a certain verdict on the era until it is forgotten, or why no attempt may
    /// be made; null otherwise.
    /// </summary>
    public ConnectFailure? CurrentFailure
    {
        get
        {
            lock (_gate)
            {
                return Standing() ?? (Live is null && _opening is not { IsCompleted: false } ? _pool.HoldsBack() : null);
            }
        }
    }

    /// <summary>Why no call can be taken over it now, or should not be while another server can; null when one can.</summary>
    public string? Objection => Live is not { } live
        ? CurrentFailure?.Message ?? (IsAway && _pool.Health.HasOthers ? "it is being connected to again" : _pool.Health.Objection)
        : _pool.Health.Objection
            ?? (_pool.Health.Checks is { } checks && live.Wellness.Failures >= checks.FailureThreshold ? "this connection to it did not answer when asked whether it is well" : null);

    /// <summary>How long the next attempt is not due, in milliseconds; 0 when it is.</summary>
    public long PauseMs
    {
        get
        {
            lock (_gate)
            {
                return _failure is { WrongEra: false } or { IsGuess: true } ? Math.Max(0, _notBefore - _pool.Clock.Now) : 0;
            }
        }
    }

    /// <summary>How the process of the last attempt ended by itself; null when it did not, or there is none.</summary>
    internal ProcessEnd? LastEnd { get; set; }

    /// <summary>Completes when what the last attempt started is gone, where that failed and nobody waited for it.</summary>
    internal Task Ending { get; set; } = Task.CompletedTask;

    /// <summary>True while the server is not there for whoever wanted it: the connection broke, or could not be opened.</summary>
    internal bool IsAway { get; set; }

    /// <summary>True when its connection broke in this moment, and nobody was told yet.</summary>
    internal bool IsJustLost => !IsAway && _live is { IsOpen: false, WasStopped: false };

    /// <summary>How long the connection has been open that was opened last, in milliseconds.</summary>
    internal long StoodMs => _pool.Clock.Now - _openedAt;

    /// <summary>True once it was closed for good, on purpose.</summary>
    internal bool IsEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>True for a lane of modern clients of a kind.</summary>
    internal bool IsBridgedFor(ClientProfile kind) => Owner is BridgeLane && Profile.Key == kind.Key;

    /// <summary>Gets the connection, opening it when there is none.</summary>
    /// <exception cref="ConnectFailure">It could not be opened, or its pause after a failure is not over.</exception>
    public Task<UpstreamConnection> OpenAsync()
    {
        lock (_gate)
        {
            if (_live is { IsUsable: true } live)
            {
                return Task.FromResult(live);
            }

            if (_opening is { IsCompleted: false } opening)
            {
                return opening;
            }

            if (_ended)
            {
                return Task.FromException<UpstreamConnection>(new ConnectFailure($"Server '{_pool.Model.Name}' was stopped.") { IsHeldBack = true });
            }

            if ((Standing() ?? _pool.Admit()) is { } failure)
            {
                return Task.FromException<UpstreamConnection>(failure);
            }

            // The attempt outlives the caller that asked first: others wait for it as well.
            return _opening = Task.Run(OpenCoreAsync);
        }
    }

    /// <summary>Forgets a verdict on the era, so that the next call asks the server again.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            if (_failure is { WrongEra: true })
            {
                _failure = null;
            }
        }
    }

    /// <summary>A certain verdict on the era becomes a guess, which is tested again after a while: the server works in no era now.</summary>
    internal void Doubt()
    {
        lock (_gate)
        {
            if (_failure is { WrongEra: true, IsGuess: false } certain)
            {
                Note(new ConnectFailure(certain.Message, certain) { WrongEra = true, IsGuess = true });
            }
        }
    }

    /// <summary>Lets go of the connection when nothing was asked over it for a while. The next call opens another.</summary>
    /// <param name="after">How long nothing may have been asked.</param>
    /// <param name="isWanted">True when somebody waits for what the server may say by itself.</param>
    internal void RestAfter(TimeSpan after, bool isWanted)
    {
        if (Live is { } live && _idleness.IsOver(live, isWanted, _pool.Clock.Now, (long)after.TotalMilliseconds))
        {
            _resting = live;
            live.Retire();
        }
    }

    /// <summary>True for a connection that was let go of because nobody used it.</summary>
    internal bool Rested(UpstreamConnection connection) => ReferenceEquals(_resting, connection);

    /// <summary>No new calls go to the connection, and it is closed once those that are open have ended. The next call opens another.</summary>
    /// <returns>Everything that is open.</returns>
    internal IReadOnlyList<UpstreamConnection> Retire()
    {
        var open = Open();
        foreach (var connection in open)
        {
            connection.Retire();
        }

        return open;
    }

    /// <summary>Forgets the last failure: the next call makes an attempt.</summary>
    internal void ForgetFailure()
    {
        lock (_gate)
        {
            _failure = null;
            _pause = TimeSpan.Zero;
        }
    }

    /// <summary>
    /// Its connection broke. What has stood for a while is started again at once, what has not after a moment: it can be started, and
    /// whether it is too often is counted elsewhere.
    /// </summary>
    internal void Lost(string reason)
    {
        if (StoodMs >= StoodFor)
        {
            lock (_gate)
            {
                _pause = TimeSpan.Zero;
            }
        }
        else
        {
            Note(new ConnectFailure($"Server '{_pool.Model.Name}' was lost: {reason}."), LongestForNow);
        }
    }

    /// <summary>Closes what is open. The next call opens another.</summary>
    internal async Task CloseAsync()
    {
        foreach (var connection in Open())
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connection for good.</summary>
    public async ValueTask EndAsync()
    {
        Task? opening;
        lock (_gate)
        {
            _ended = true;
            opening = _opening;
        }

        if (opening is not null)
        {
            // It disposes of what it opened once it sees the end; its startup timeout bounds it.
            await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await CloseAsync().ConfigureAwait(false);
    }

    private List<UpstreamConnection> Open()
    {
        lock (_gate)
        {
            return _live is { } live ? [.. _retired, live] : [.. _retired];
        }
    }

    /// <summary>The failure that still counts. Under the lock.</summary>
    private ConnectFailure? Standing() =>
        _failure is { } failure && (failure is { WrongEra: true, IsGuess: false } || _pool.Clock.Now < _notBefore) ? failure : null;

    /// <summary>Notes a failure and how long it counts. A guess is dearer to try again than a refused connection: it takes a process and its silence.</summary>
    private void Note(ConnectFailure failure, TimeSpan? most = null)
    {
        var (first, longest) = failure.IsGuess ? (FirstDoubt, LongestDoubt) : (FirstPause, most ?? LongestPause);
        lock (_gate)
        {
            if (failure is { WrongEra: true, IsGuess: false })
            {
                // It stands until it is forgotten, and is no outage that would make the next one longer.
                _failure = failure;
                return;
            }

            if (failure.MayPass)
            {
                longest = LongestForNow;
            }
            else if (failure.IsAwaited || (!failure.IsGuess && _pool is { WasThereLately: true, Model.Transport: HttpModel }))
            {
                // It is about to come back more often than not, and who waits for it looks often. One that comes by itself may be waiting by then.
                longest = first;
            }

            var pause = _pause < first ? first : _pause > longest ? longest : _pause;
            _failure = failure;
            _notBefore = _pool.Clock.Now + (long)_pool.Jitter(pause).TotalMilliseconds;
            _pause = pause * 2;
        }
    }

    private async Task<UpstreamConnection> OpenCoreAsync()
    {
        _pool.Began();
        UpstreamConnection? connection = null;
        try
        {
            connection = await _pool.ConnectAsync(this).ConfigureAwait(false);
            connection.ReadySince = _openedAt = _pool.Clock.Now;
            var ended = false;
            lock (_gate)
            {
                _failure = null;
                _retired.RemoveAll(static c => !c.IsOpen);
                if (_live is { IsOpen: true } retired)
                {
                    _retired.Add(retired);
                }

                _live = connection;
                ended = _ended || !_pool.State.Life.IsOffered;
            }

            if (ended)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw new ConnectFailure($"Server '{_pool.Model.Name}' was stopped.") { IsHeldBack = true };
            }

            _pool.Opened(this, connection);
            return connection;
        }
        catch (Exception e)
        {
            _ = FreeAsync(connection is null ? Ending : Task.CompletedTask);
            var failure = e as ConnectFailure ?? new ConnectFailure($"Server '{_pool.Model.Name}' could not be reached: {e.Message}", e);
            Note(failure);
            _pool.Failed(this, failure);
            throw failure;
        }
    }

    /// <summary>What is being ended is there until it has ended, and takes room.</summary>
    private async Task FreeAsync(Task ending)
    {
        await ending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _pool.Free();
    }
}
