namespace Mimir.Router.State;

/// <summary>
/// The requests one client has open, found by its own ids. An id that is open already is refused where all answers come on one
/// stream: two under one id could not be told apart.
/// </summary>
/// <param name="limit">Most at a time.</param>
/// <remarks>Thread-safe; allocates nothing per request.</remarks>
public sealed class OpenRequests(int limit)
{
    private const int Buckets = 64;
    private readonly Lock _gate = new();
    private readonly Exchange?[] _first = new Exchange?[Buckets];
    private int _count;
    private bool _closed;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Adds a request; its caller's id is set.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="ownStream">True when its answer comes on a stream of its own, and so may share its id with another's.</param>
    /// <returns>Why it was not added, or null.</returns>
    public RouterError? TryAdd(Exchange exchange, bool ownStream = false)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var bucket = BucketOf(exchange.CallerId.Span);
        lock (_gate)
        {
            if (_closed)
            {
                return new RouterError(ErrorCodes.InvalidRequest, "This session has ended.") { HttpStatus = 404 };
            }

            if (_count >= limit)
            {
                return new RouterError(ErrorCodes.Busy, $"This client has {limit} requests open (limits.maxInFlight). Try again later.", Retryable: true);
            }

            if (!ownStream && FindIn(bucket, exchange.CallerId.Span) is not null)
            {
                return new RouterError(ErrorCodes.InvalidRequest, "A request with this id is still open.");
            }

            exchange.List = this;
            exchange.Previous = null;
            exchange.Next = _first[bucket];
            if (exchange.Next is { } next)
            {
                next.Previous = exchange;
            }

            _first[bucket] = exchange;
            _count++;
            return null;
        }
    }

    /// <summary>Takes out a request that ended. Harmless when it is not there.</summary>
    public void Remove(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (!ReferenceEquals(exchange.List, this))
        {
            return;
        }

        lock (_gate)
        {
            if (!ReferenceEquals(exchange.List, this))
            {
                return;
            }

            if (exchange.Previous is { } previous)
            {
                previous.Next = exchange.Next;
            }
            else
            {
                _first[BucketOf(exchange.CallerId.Span)] = exchange.Next;
            }

            if (exchange.Next is { } next)
            {
                next.Previous = exchange.Previous;
            }

            exchange.Next = exchange.Previous = null;
            exchange.List = null;
            _count--;
        }
    }

    /// <summary>Withdraws the request with a caller's id.</summary>
    /// <param name="callerId">Byte for byte.</param>
    /// <param name="reason">Raw JSON string for the upstream, or empty.</param>
    /// <returns>False when no such request is open.</returns>
    public bool Withdraw(ReadOnlySpan<byte> callerId, ReadOnlySpan<byte> reason)
    {
        Exchange? found;
        int generation;
        lock (_gate)
        {
            // It is not used again before it has left the list, so this is the generation that is meant.
            found = FindIn(BucketOf(callerId), callerId);
            generation = found?.Generation ?? 0;
        }

        return found is not null && found.Withdraw(generation, reason);
    }

    /// <summary>Takes nothing more and withdraws what is open.</summary>
    /// <param name="reason">Raw JSON string for the upstreams, or empty.</param>
    public void Close(ReadOnlySpan<byte> reason)
    {
        foreach (var (exchange, generation) in Shut())
        {
            exchange.Withdraw(generation, reason);
            Remove(exchange);
        }
    }

    /// <summary>Takes nothing more and answers what is open with an error.</summary>
    public void Refuse(RouterError error)
    {
        foreach (var (exchange, generation) in Shut())
        {
            exchange.Refuse(generation, error);
            Remove(exchange);
        }
    }

    private List<(Exchange Exchange, int Generation)> Shut()
    {
        var open = new List<(Exchange Exchange, int Generation)>();
        lock (_gate)
        {
            _closed = true;
            foreach (var first in _first)
            {
                for (var e = first; e is not null; e = e.Next)
                {
                    open.Add((e, e.Generation));
                }
            }
        }

        return open;
    }

    /// <summary>Ids of clients mostly count up: the last bytes spread them.</summary>
    private static int BucketOf(ReadOnlySpan<byte> id)
    {
        var hash = id.Length;
        for (var i = Math.Max(0, id.Length - 4); i < id.Length; i++)
        {
            hash = (hash * 10) + id[i];
        }

        return hash & (Buckets - 1);
    }

    private Exchange? FindIn(int bucket, ReadOnlySpan<byte> callerId)
    {
        for (var e = _first[bucket]; e is not null; e = e.Next)
        {
            if (e.CallerId.Span.SequenceEqual(callerId))
            {
                return e;
            }
        }

        return null;
    }
}
