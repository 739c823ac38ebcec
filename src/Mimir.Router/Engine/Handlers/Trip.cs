using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.State;
using Mimir.Router.State.Health;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>
/// A request on its way to a server, kept so that it can be sent when the server is there and has room, and sent again when it is lost:
/// over another connection, to another server that can take it, and in another era if that is what the server has come back with.
/// </summary>
internal sealed class Trip
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private readonly KeptRequest _kept;
    private readonly RouterEngine _engine;
    private readonly long _until;
    private readonly Backoff _backoff;
    private ServerPool _pool;
    private CallGate? _place;
    private ulong _tried;
    private int _aimed = -1;

    /// <summary>Keeps a request.</summary>
    public Trip(KeptRequest kept, RouterEngine engine, ServerPool pool)
    {
        _kept = kept;
        _engine = engine;
        _pool = pool;
        _backoff = new Backoff(engine.Clock, FirstPause, LongestPause);
        kept.Record?.For(pool.Model.Name);
        _until = kept.DueBy(pool);
    }

    /// <summary>What is replaced in the frame; missing for nothing.</summary>
    public required ByteRange Range { get; set; }

    /// <summary>The server's own, as the inside of a JSON string.</summary>
    public required byte[] With { get; set; }

    /// <summary>The same as a header value, or null to derive it.</summary>
    public string? HeaderName { get; set; }

    /// <summary>The tool or prompt as its server listed it, or null.</summary>
    public CatalogEntry? Entry { get; set; }

    /// <summary>What goes before the uris of a read resource's contents, or null.</summary>
    public byte[]? ContentPrefix { get; init; }

    /// <summary>The servers that can take it; null when there is one.</summary>
    public RouteChoice? Choice { get; set; }

    /// <summary>Where the name or uri stands in the frame. With <see cref="Choice"/>.</summary>
    public ByteRange Named { get; init; }

    /// <summary>What keeps it together with other calls, as a digest. With <see cref="Choice"/>.</summary>
    public ulong Affinity { get; init; }

    /// <summary>True when it is for one of the servers alone: it answers what that one asked. With <see cref="Choice"/>.</summary>
    public bool IsBound { get; init; }

    /// <summary>True when the caller's progress token is known already, and the frame holds another.</summary>
    public bool KeepsToken { get; init; }

    /// <summary>True once the request's state was taken, which is good for one use: the call may be sent, again if need be.</summary>
    public bool IsRedeemed { get; set; }

    /// <summary>Its place at the breaker of the server it is being sent to; who sends it later keeps that until then.</summary>
    public TrialPlace? Trial { get; private set; }

    /// <summary>The request as the client sent it.</summary>
    public KeptRequest Kept => _kept;

    /// <summary>How long it may take yet.</summary>
    public TimeSpan TimeLeft => TimeSpan.FromMilliseconds(Math.Max(1, _until - _engine.Clock.Now));

    private bool HasTime => _engine.Clock.Now < _until && !_kept.IsOver && !_engine.IsDisposed;

    /// <summary>A request that a connection gave back: names in it are the server's own already, and its caller's token is known.</summary>
    public static Trip Unsent(KeptRequest kept, RouterEngine engine, ServerPool pool) => new(kept, engine, pool)
    {
        Range = default,
        With = [],
        Entry = ListedTool.Find(kept, pool),
        ContentPrefix = kept.Exchange.ContentPrefix,
        KeepsToken = true,
    };

    /// <summary>Sends it as soon as a server is there that has room for it.</summary>
    /// <param name="first">The one to begin with of several, or -1 for whichever is best.</param>
    public void Start(int first = -1)
    {
        if (first >= 0)
        {
            Aim(first);
        }

        Wait(TimeSpan.Zero);
    }

    /// <summary>Sends it again: at once to another server, or after a moment, which is longer each time.</summary>
    /// <param name="error">Why it has to be, and what its client is told when it cannot be.</param>
    public void Again(RouterError error)
    {
        if (Follow() && error.Retryable && HasTime)
        {
            // It did not run, and whoever it was for is run anew: that is no failure of anybody.
            Wait(TimeSpan.Zero);
            return;
        }

        var policy = _engine.Model.Retry;
        var resends = _kept.Exchange.CountResend(_kept.Generation);
        // What is taken back loads nobody: however many calls find at once that a connection has just broken, none is lost for that.
        if (resends > policy.MaxRetries || !HasTime || !(error.IsTakenBack || _pool.Health.Budget.TryTake()))
        {
            _kept.Resume().Refuse(error);
            return;
        }

        if (TryNext())
        {
            Wait(TimeSpan.Zero);
            return;
        }

        Anew();
        var pause = policy.FirstBackoff * Math.Pow(policy.Multiplier, Math.Min(resends - 1, 32)) * (0.5 + (0.5 * _engine.Random()));
        pause = pause < policy.MaxBackoff ? pause : policy.MaxBackoff;
        pause = error.RetryAfter > pause ? error.RetryAfter.Value : pause;
        if (error.RetryAfter > policy.MaxBackoff || _engine.Clock.Now + (long)pause.TotalMilliseconds >= _until)
        {
            // Before that time it is not wanted there, or it would end after its own.
            _kept.Resume().Refuse(error);
            return;
        }

        Wait(pause);
    }

    private void Wait(TimeSpan pause)
    {
        if (Choice is not null && _aimed < 0)
        {
            TryAim();
        }

        if (TakePlace())
        {
            _ = GuardAsync(pause);
        }
    }

    /// <summary>Takes a place among those that wait for the server it is for now, and gives up the one it had; where there is none, turns to another.</summary>
    /// <returns>False when nobody has one: it was refused.</returns>
    private bool TakePlace()
    {
        while (_pool.Health.Gate is var gate && gate != _place)
        {
            LeavePlace();
            if (gate.TryWait())
            {
                _place = gate;
            }
            else if (!TryNext())
            {
                _kept.Resume().Refuse(Refusals.Full(_pool));
                return false;
            }
        }

        return true;
    }

    private void LeavePlace() => Interlocked.Exchange(ref _place, null)?.EndWait();

    private async Task GuardAsync(TimeSpan pause)
    {
        var isSent = false;
        try
        {
            await WaitingCalls.PauseAsync(_kept, _engine.Clock.Time, pause).ConfigureAwait(false);
            isSent = await RunAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _kept.Resume().Refuse(new RouterError(ErrorCodes.InternalError, "Routing failed: " + e.Message));
        }
        finally
        {
            // What was sent has left its place before, and may have another by now: it may be about to be sent again.
            if (!isSent)
            {
                LeavePlace();
            }
        }
    }

    /// <returns>True when it was sent; false when it was refused.</returns>
    private async Task<bool> RunAsync()
    {
        while (!_kept.IsOver)
        {
            Follow();
            if (Choice is not null && _aimed < 0 && !TryAim())
            {
                if (!HasTime || !Choice.Candidates.Any(static c => c.Pool.IsAboutToReturn))
                {
                    _kept.Resume().Refuse(Refusals.Nobody(Choice));
                    return false;
                }
            }
            else if (!TakePlace() || !await Rests.EndAsync(_kept, _engine, _pool, IsBound ? null : Choice, _until).ConfigureAwait(false))
            {
                return false;
            }
            else if (Denials.Of(_kept, _pool, Entry, With) is { } denial)
            {
                if (!TryNext())
                {
                    _kept.Resume().Refuse(denial);
                    return false;
                }

                continue;
            }
            else if (!(_pool.Health.Breaker?.TryPass() ?? true))
            {
                if (!TryNext())
                {
                    _kept.Resume().Refuse(Refusals.Open(_pool));
                    return false;
                }

                continue;
            }
            else if (await TrySendAsync(_pool.Health, _pool.Health.Breaker?.Epoch ?? 0).ConfigureAwait(false) is { } isSent)
            {
                return isSent;
            }
            else if (_engine.Successor(_pool) != _pool || TryNext())
            {
                continue;
            }
            else
            {
                Anew();
            }

            await WaitingCalls.PauseAsync(_kept, _engine.Clock.Time, _backoff.Next()).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Sends it to the server that was chosen, or refuses it for good.</summary>
    /// <returns>True when it was sent, false when it was refused; null when it may be tried elsewhere, or later.</returns>
    private async Task<bool?> TrySendAsync(ServerHealth health, int begun)
    {
        var hasTurn = false;
        var trial = Trial = new TrialPlace(health.Breaker, begun);
        try
        {
            ConnectionSlot opened;
            try
            {
                opened = await WaitAsync(_ => _kept.Catalog.OpenAsync(_pool)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_kept.IsOver)
            {
                return false;
            }
            catch (TimeoutException)
            {
                // Where others were left half of the time and cannot take it now, the rest is its own.
                return HasTime ? null : Refuse(Refusals.Late(_pool));
            }
            catch (ConnectFailure e)
            {
                // A server that was there a moment ago is about to come back more often than not.
                return HasTime && (_pool.IsAboutToReturn || HasOthers || _engine.Successor(_pool) != _pool) ? null : Refuse(Forwarding.Unavailable(_pool, e));
            }

            // Its turn comes once the server is there: many may have waited for that.
            if (!(hasTurn = await WaitingCalls.StandAsync(_kept, _engine, health.Gate, _until).ConfigureAwait(false)))
            {
                return Refuse(Refusals.Full(_pool));
            }

            if (!_kept.IsOver && !HasTime)
            {
                return Refuse(Refusals.Late(_pool));
            }

            if (_kept.IsOver || opened.Live is null)
            {
                return HasTime && (_pool.IsAboutToReturn || _engine.Successor(_pool) != _pool) ? null : Refuse(new RouterError(
                    ErrorCodes.ServerUnavailable, $"Server '{_pool.Model.Name}' ended right after it was started.", _pool.Model.Name, Retryable: true));
            }

            if (Denials.Of(_kept, _pool, Entry, With) is not null)
            {
                return null;
            }

            LeavePlace();
            var request = _kept.Resume();
            Forwarding.Send(ref request, _engine, opened, Range, With, HeaderName, Entry, ContentPrefix, this);
            return true;
        }
        finally
        {
            trial.Leave();
            if (hasTurn)
            {
                health.Gate.Settle();
            }
        }
    }

    private bool Refuse(RouterError error)
    {
        _kept.Resume().Refuse(error);
        return false;
    }

    /// <summary>Waits for its server, within the time of the call; where others can take it, they are left half of that.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    /// <exception cref="OperationCanceledException">Its client has left.</exception>
    public Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> wait)
    {
        var left = TimeLeft;
        if (!IsBound && Choice is { Candidates.Length: > 1 })
        {
            left /= 2;
            left = _pool.Model.AttemptTimeout > TimeSpan.Zero && _pool.Model.AttemptTimeout < left ? _pool.Model.AttemptTimeout : left;
        }

        return WaitingCalls.WaitAsync(_kept, _engine.Clock.Time, left, wait);
    }

    /// <summary>The configuration may have changed while it waited: it is for those who run in the place of others by now.</summary>
    /// <returns>True when the one it was for is run anew.</returns>
    private bool Follow()
    {
        Choice = Successors.Of(Choice, _kept, _engine);
        var former = _pool;
        _pool = _engine.Successor(former);
        return _pool != former;
    }

    private bool HasOthers => !IsBound && Choice is not null && _engine.Chooser.Choose(Choice, _tried | (1ul << _aimed), Affinity) >= 0;

    /// <summary>Turns to another server than those that were tried.</summary>
    private bool TryNext()
    {
        if (Choice is null || IsBound || _aimed < 0)
        {
            return false;
        }

        _tried |= 1ul << _aimed;
        return TryAim();
    }

    /// <summary>All that were tried may be tried again.</summary>
    private void Anew()
    {
        _tried = 0;
        _aimed = IsBound ? _aimed : -1;
    }

    private bool TryAim()
    {
        if (_engine.Chooser.Choose(Choice!, _tried, Affinity) is not (>= 0 and var next))
        {
            return false;
        }

        Aim(next);
        return true;
    }

    private void Aim(int candidate)
    {
        var route = Choice!.Candidates[candidate];
        _aimed = candidate;
        _pool = _engine.Successor(route.Pool);
        Range = route.IsRenamed ? Named : default;
        With = route.Raw;
        HeaderName = route.HeaderName;
        Entry = route.Entry;
    }
}
