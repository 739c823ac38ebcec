using Mimir.Router.State;
using Mimir.Router.State.Health;

namespace Mimir.Router.Upstreams.Calls;

/// <summary>
/// The open calls of one connection, under ids of <see cref="CallIds"/>, which are looked up without hashing.
/// </summary>
/// <remarks>At most 65,536 open calls. Thread-safe; allocates only while it grows.</remarks>
/// <param name="health">Is told of every call of a client that is opened or ends; null for nobody.</param>
public sealed class PendingTable(ServerHealth? health = null)
{
    /// <summary>The timeout of a call that may last for ever.</summary>
    public const long Endless = long.MaxValue;

    /// <summary>How many timeouts a call may last that reports progress.</summary>
    private const int MostExtensions = 10;

    private const int MostSlots = 1 << 16;
    private const int NotCounted = -1;
    private const int MostGivenUp = 4096;
    private readonly Lock _gate = new();
    private Slot[] _slots = new Slot[64];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _used;
    private long _issued;
    private long _probes;
    private HashSet<long>? _givenUp;
    private object? _caller;
    private bool _severalCallers;

    /// <summary>Open calls.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _used - _freeCount;
            }
        }
    }

    /// <summary>Open calls that end by themselves and that somebody needs: neither streams that may stand for ever nor questions how the server is.</summary>
    public int Passing
    {
        get
        {
            lock (_gate)
            {
                var passing = 0;
                for (var i = 0; i < _used; i++)
                {
                    passing += _slots[i].Exchange is not null and not LocalExchange { IsProbe: true } && _slots[i].Timeout != Endless ? 1 : 0;
                }

                return passing;
            }
        }
    }

    /// <summary>What is reported on calls that have ended, and belongs to others.</summary>
    public Redirects Redirects { get; } = new();

    /// <summary>Ids minted so far, but for questions how the server is.</summary>
    public long Issued => Interlocked.Read(ref _issued) - Interlocked.Read(ref _probes);

    /// <summary>True while the server may be at work on a call, and ask something in it, that ended here before it answered.</summary>
    public bool HasGivenUp
    {
        get
        {
            lock (_gate)
            {
                return _givenUp is { Count: > 0 };
            }
        }
    }

    /// <summary>
    /// The one session that has ever called here; null when none has, or several have. What a server says late may be about any call
    /// it has had, so that a session's calls have ended makes no difference.
    /// </summary>
    /// <param name="several">True when it was several.</param>
    public object? SoleCaller(out bool several)
    {
        lock (_gate)
        {
            several = _severalCallers;
            return several ? null : _caller;
        }
    }

    /// <summary>Adds a call.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    /// <param name="timeout">How long without news until it times out, or <see cref="Endless"/>.</param>
    /// <returns>Its id, or 0 when the table is full.</returns>
    public long Add(Exchange exchange, long now, CallWindow timeout)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        lock (_gate)
        {
            if (exchange.Session is { } caller && !ReferenceEquals(caller, _caller))
            {
                _severalCallers |= _caller is not null;
                _caller = caller;
            }

            int slot;
            if (_freeCount > 0)
            {
                slot = _free[--_freeCount];
            }
            else
            {
                if (_used == MostSlots)
                {
                    return 0;
                }

                if (_used == _slots.Length)
                {
                    Array.Resize(ref _slots, _slots.Length * 2);
                    Array.Resize(ref _free, _slots.Length);
                }

                slot = _used++;
            }

            _issued++;
            var id = CallIds.Mint(slot);
            _probes += exchange is LocalExchange { IsProbe: true } ? 1 : 0;
            var begun = health is null || timeout.First == Endless || exchange is LocalExchange ? NotCounted : health.Begin();
            _slots[slot] = timeout.First == Endless
                ? new Slot(id, exchange, Endless, Endless, Endless, begun)
                : new Slot(id, exchange, timeout.Idle, now + timeout.First, now + timeout.First + ((MostExtensions - 1) * timeout.Idle), begun);
            return id;
        }
    }

    /// <summary>Finds an open call.</summary>
    public Exchange? Find(long id)
    {
        lock (_gate)
        {
            var slot = (int)(id & (MostSlots - 1));
            return slot < _used && _slots[slot].Id == id ? _slots[slot].Exchange : null;
        }
    }

    /// <summary>Finds an open call that has just reported progress, and moves its deadline.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public Exchange? FindAndExtend(long id, long now)
    {
        lock (_gate)
        {
            var at = (int)(id & (MostSlots - 1));
            if (at >= _used || _slots[at].Id != id)
            {
                return null;
            }

            ref var slot = ref _slots[at];
            if (slot.Timeout != Endless)
            {
                // What is held stays so.
                slot = slot with { Deadline = Math.Max(slot.Deadline, Math.Min(now + slot.Timeout, slot.HardDeadline)) };
            }

            return slot.Exchange;
        }
    }

    /// <summary>Lets calls last as long as one may that reports progress: their client is being asked something, and people take their time.</summary>
    /// <param name="session">The client's session.</param>
    /// <param name="id">The one call; 0 for all the session has open here.</param>
    public void Hold(object session, long id)
    {
        lock (_gate)
        {
            for (var i = 0; i < _used; i++)
            {
                if (IsMeant(i, session, id))
                {
                    _slots[i] = _slots[i] with { Deadline = _slots[i].HardDeadline };
                }
            }
        }
    }

    /// <summary>Lets a call wait for its client, which takes as long as it likes and does not count as time of the server's.</summary>
    /// <param name="id">The call.</param>
    /// <param name="until">When the client must be back, in milliseconds on the monotonic clock.</param>
    public void Park(long id, long until)
    {
        lock (_gate)
        {
            var at = (int)(id & (MostSlots - 1));
            if (id > 0 && at < _used && _slots[at].Id == id)
            {
                // A little longer than the client has: what comes too late is refused by who waits for it.
                _slots[at] = _slots[at] with { Deadline = until + _slots[at].Timeout, HardDeadline = until + ((MostExtensions + 1) * _slots[at].Timeout) };
            }
        }
    }

    /// <summary>Ends a hold: the calls have a timeout from now on.</summary>
    /// <param name="session">The client's session.</param>
    /// <param name="id">The one call; 0 for all the session has open here.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public void Release(object session, long id, long now)
    {
        lock (_gate)
        {
            for (var i = 0; i < _used; i++)
            {
                if (IsMeant(i, session, id) && _slots[i].Timeout != Endless)
                {
                    _slots[i] = _slots[i] with { Deadline = Math.Min(now + _slots[i].Timeout, _slots[i].HardDeadline) };
                }
            }
        }
    }

    /// <summary>Takes a call out.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="end">What its end says of the server.</param>
    /// <returns>The call, or null when it is not open (any more).</returns>
    public Exchange? Remove(long id, CallEnd end = CallEnd.Left) => Take(id, end, givesUp: false);

    /// <summary>Takes a call out that the server has not answered: it may go on with it, and ask something in it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="end">What its end says of the server.</param>
    /// <returns>The call, or null when it is not open (any more).</returns>
    public Exchange? GiveUp(long id, CallEnd end = CallEnd.Left) => Take(id, end, givesUp: true);

    /// <summary>The server has answered a call late: it is at work on it no more.</summary>
    public void Settle(long id)
    {
        lock (_gate)
        {
            _givenUp?.Remove(id);
        }
    }

    /// <summary>
    /// A call was handed to its wire, and is the server's from now on. Until then it is nobody's but the sender's: it neither times out nor
    /// goes with the wire, for its exchange may not know its id yet, and it certainly did not run.
    /// </summary>
    /// <returns>False when it has ended.</returns>
    public bool Sent(long id)
    {
        lock (_gate)
        {
            var at = (int)(id & (MostSlots - 1));
            return at < _used && _slots[at].Id == id && (_slots[at].IsSent = true);
        }
    }

    /// <summary>Copies the open calls, to be walked without the lock.</summary>
    /// <param name="sentOnly">Without those that are just being sent.</param>
    public List<(long Id, Exchange Exchange)> Snapshot(bool sentOnly = false)
    {
        lock (_gate)
        {
            var list = new List<(long, Exchange)>(_used - _freeCount);
            for (var i = 0; i < _used; i++)
            {
                if (_slots[i].Exchange is { } exchange && (_slots[i].IsSent || !sentOnly))
                {
                    list.Add((_slots[i].Id, exchange));
                }
            }

            return list;
        }
    }

    /// <summary>Takes out every call whose deadline has passed.</summary>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    /// <returns>Null when there is none.</returns>
    public List<(long Id, Exchange Exchange)>? TakeExpired(long now)
    {
        List<(long, Exchange)>? expired = null;
        List<int>? begun = null;
        lock (_gate)
        {
            for (var i = 0; i < _used; i++)
            {
                if (_slots[i] is { IsSent: true, Exchange: { } exchange } && _slots[i].Deadline <= now)
                {
                    (expired ??= []).Add((_slots[i].Id, exchange));
                    (begun ??= []).Add(_slots[i].Begun);
                    NoteGivenUp(_slots[i].Id, exchange);
                    _slots[i] = default;
                    _free[_freeCount++] = i;
                }
            }
        }

        begun?.ForEach(b => Tell(b, CallEnd.Failed));
        return expired;
    }

    /// <summary>The newest call that a session has open here.</summary>
    /// <param name="session">The session.</param>
    /// <param name="count">How many it has open.</param>
    public OpenCall? NewestOf(object session, out int count)
    {
        OpenCall? newest = null;
        count = 0;
        lock (_gate)
        {
            for (var i = 0; i < _used; i++)
            {
                if (OpenCall.Find(_slots[i].Exchange, _slots[i].Id) is { } call && ReferenceEquals(call.Session, session))
                {
                    count++;
                    if (newest is null || call.Id > newest.Value.Id)
                    {
                        newest = call;
                    }
                }
            }
        }

        return newest;
    }

    private Exchange? Take(long id, CallEnd end, bool givesUp)
    {
        Slot taken;
        lock (_gate)
        {
            var slot = (int)(id & (MostSlots - 1));
            if (id <= 0 || slot >= _used || _slots[slot].Id != id)
            {
                return null;
            }

            taken = _slots[slot];
            _slots[slot] = default;
            _free[_freeCount++] = slot;
            if (givesUp)
            {
                NoteGivenUp(id, taken.Exchange);
            }
        }

        Tell(taken.Begun, end);
        return taken.Exchange;
    }

    private void Tell(int begun, CallEnd end)
    {
        if (begun != NotCounted)
        {
            health?.End(begun, end);
        }
    }

    private void NoteGivenUp(long id, Exchange? exchange)
    {
        // Beyond the bound the set is as good as any: it is asked whether there are some.
        if (exchange is { MayAsk: true } && (_givenUp ??= []).Count < MostGivenUp)
        {
            _givenUp.Add(id);
        }
    }

    private bool IsMeant(int slot, object session, long id) => id != 0
        ? _slots[slot].Id == id
        : OpenCall.Find(_slots[slot].Exchange, _slots[slot].Id) is { } call && ReferenceEquals(call.Session, session);

    /// <summary>What is kept of a call. Its deadline stands here and not in the exchange, which may be an earlier caller's until it is opened.</summary>
    private record struct Slot(long Id, Exchange? Exchange, long Timeout, long Deadline, long HardDeadline, int Begun, bool IsSent = false);
}
