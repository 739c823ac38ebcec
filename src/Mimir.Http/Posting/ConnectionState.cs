using Microsoft.AspNetCore.Http;
using Mimir.Http.Streams;
using Mimir.Router.State;

namespace Mimir.Http.Posting;

/// <summary>
/// What belongs to one TCP connection. HTTP/1.1 has one request at a time on it, so one exchange serves them all, and one
/// registration tells when the client has gone.
/// </summary>
internal sealed class ConnectionState(KeepAlive keepAlive)
{
    private readonly Lock _gate = new();
    private Exchange? _watched;
    private int _generation;
    private bool _gone;

    /// <summary>The exchange of the request that is open on the connection.</summary>
    public HttpExchange Exchange { get; private set; } = new();

    /// <summary>Keeps its streams alive.</summary>
    public KeepAlive KeepAlive => keepAlive;

    /// <summary>The request that is open on it, or the last one.</summary>
    public HttpContext? Context { get; set; }

    /// <summary>True once the client has closed the connection.</summary>
    public bool IsGone => Volatile.Read(ref _gone);

    /// <summary>A modern request that the client's leaving cancels.</summary>
    public void Watch(Exchange exchange, int generation)
    {
        bool gone;
        lock (_gate)
        {
            (_watched, _generation) = (exchange, generation);
            gone = _gone;
        }

        if (gone)
        {
            exchange.Withdraw(generation, default);
        }
    }

    /// <summary>True while a request is open that stands in no session's list.</summary>
    public bool HasOpen
    {
        get
        {
            lock (_gate)
            {
                return _watched is { } watched && watched.Generation == _generation && !watched.IsEnded;
            }
        }
    }

    /// <summary>Answers such a request with an error.</summary>
    public void Refuse(RouterError error)
    {
        Exchange? watched;
        int generation;
        lock (_gate)
        {
            (watched, generation) = (_watched, _generation);
        }

        watched?.Refuse(generation, error);
    }

    /// <summary>The request is over.</summary>
    public void Unwatch()
    {
        lock (_gate)
        {
            _watched = null;
        }
    }

    /// <summary>Gives the exchange away to a request that outlives its connection.</summary>
    public void Abandon() => Exchange = new HttpExchange();

    /// <summary>The client has closed the connection.</summary>
    public void Gone()
    {
        Exchange? watched;
        int generation;
        lock (_gate)
        {
            _gone = true;
            (watched, generation) = (_watched, _generation);
        }

        watched?.Withdraw(generation, default);
        Exchange.Wake();
    }
}
