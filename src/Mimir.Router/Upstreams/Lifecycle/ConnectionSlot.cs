using Mimir.Protocol.Revisions;
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
    private readonly Lock _gate = new();
    private readonly ServerPool _pool;
    private volatile UpstreamConnection? _live;
    private Task<UpstreamConnection>? _opening;
    private ConnectFailure? _failure;
    private TimeSpan _pause;
    private long _notBefore;
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
    public UpstreamConnection? Live => _live is { IsOpen: true } live ? live : null;

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

    /// <summary>The reason of the last failure while its pause lasts, for a certain verdict on the era until it is forgotten; null otherwise.</summary>
    public ConnectFailure? CurrentFailure
    {
        get
        {
            lock (_gate)
            {
                return Standing();
            }
        }
    }

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

    /// <summary>Gets the connection, opening it when there is none.</summary>
    /// <exception cref="ConnectFailure">It could not be opened, or its pause after a failure is not over.</exception>
    public Task<UpstreamConnection> OpenAsync()
    {
        lock (_gate)
        {
            if (_live is { IsOpen: true } live)
            {
                return Task.FromResult(live);
            }

            if (_opening is { IsCompleted: false } opening)
            {
                return opening;
            }

            if (_ended)
            {
                return Task.FromException<UpstreamConnection>(new ConnectFailure($"Server '{_pool.Model.Name}' was stopped."));
            }

            if (Standing() is { } failure)
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

        if (_live is { } live)
        {
            await live.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The failure that still counts. Under the lock.</summary>
    private ConnectFailure? Standing() =>
        _failure is { } failure && (failure is { WrongEra: true, IsGuess: false } || _pool.Clock.Now < _notBefore) ? failure : null;

    /// <summary>Notes a failure and how long it counts. A guess is dearer to try again than a refused connection: it takes a process and its silence.</summary>
    private void Note(ConnectFailure failure)
    {
        var (first, longest) = failure.IsGuess ? (FirstDoubt, LongestDoubt) : (FirstPause, LongestPause);
        lock (_gate)
        {
            var pause = _pause < first ? first : _pause > longest ? longest : _pause;
            _failure = failure;
            _notBefore = _pool.Clock.Now + (long)pause.TotalMilliseconds;
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
            var ended = false;
            lock (_gate)
            {
                _failure = null;
                _pause = TimeSpan.Zero;
                _live = connection;
                ended = _ended;
            }

            if (ended)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw new ConnectFailure($"Server '{_pool.Model.Name}' was stopped.");
            }

            _pool.Opened(this, connection);
            return connection;
        }
        catch (Exception e)
        {
            var failure = e as ConnectFailure ?? new ConnectFailure($"Server '{_pool.Model.Name}' could not be reached: {e.Message}", e);
            Note(failure);
            _pool.Failed(this, failure);
            throw failure;
        }
    }
}
