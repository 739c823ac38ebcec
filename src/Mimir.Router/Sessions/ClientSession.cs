using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Bridging;
using Mimir.Router.Catalog;
using Mimir.Router.State;

namespace Mimir.Router.Sessions;

/// <summary>
/// One conversation with a legacy client: what was negotiated, which requests are open in both directions, what it subscribed to.
/// Listeners derive from it and say how a message reaches the client outside any response.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public abstract class ClientSession : IAskedClient
{
    private static long s_sessions;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _subscriptions = new(StringComparer.Ordinal);
    private readonly OpenRequests _open;
    private SessionStamp? _stamp;
    private bool _ended;

    /// <summary>Creates one.</summary>
    protected ClientSession(View view)
    {
        ArgumentNullException.ThrowIfNull(view);
        View = view;
        _open = new OpenRequests(view.Limits.MaxInFlight);
        Asking = new Asking(this);
    }

    /// <summary>A number that no other session of the process has, from 1: for what is kept of its calls. Says nothing of its id.</summary>
    public long Number { get; } = Interlocked.Increment(ref s_sessions);

    /// <summary>The selection of servers it sees.</summary>
    public View View { get; }

    /// <summary>Revision and capabilities; set by <c>initialize</c>.</summary>
    public ClientProfile Profile { get; set; } = ClientProfile.Plain;

    /// <summary>Its lists; set by <c>initialize</c>.</summary>
    public ClientCatalog? Catalog { get; set; }

    /// <summary>True once <c>initialize</c> was answered.</summary>
    public bool IsInitialized => Catalog is not null;

    /// <summary>The negotiated revision.</summary>
    public Revision Revision => Profile.Revision;

    /// <summary>The log level it asked for as on the wire, or null while it said nothing.</summary>
    public string? LogLevel { get; set; }

    /// <summary>The instance it chose in meta mode; null while it chose none.</summary>
    public string? Instance { get; set; }

    /// <summary>What the client said of itself in <c>initialize</c>: a JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Info { get; set; }

    /// <summary>When it was last heard of, on the monotonic clock.</summary>
    public long LastSeen { get; set; }

    /// <summary>Open requests of the client.</summary>
    public int OpenCount => _open.Count;

    /// <summary>True after <see cref="End"/>.</summary>
    public bool IsEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>What servers ask the client.</summary>
    internal Asking Asking { get; }

    /// <summary>Sends something that belongs to no open request.</summary>
    /// <returns>False when there is no way to the client now.</returns>
    public abstract bool Send(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable);

    /// <inheritdoc cref="OpenRequests.TryAdd"/>
    public RouterError? Track(Exchange exchange, bool ownStream = false)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        exchange.Session = this;
        if (_open.TryAdd(exchange, ownStream) is not { } refusal)
        {
            return null;
        }

        exchange.Session = null;
        return refusal;
    }

    /// <summary>Takes out a request that ended. Harmless when it is not there.</summary>
    public void Untrack(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        _open.Remove(exchange);
        Asking.CallEnded(exchange);
        exchange.Session = null;
    }

    /// <inheritdoc cref="OpenRequests.Withdraw"/>
    public bool Withdraw(ReadOnlySpan<byte> callerId, ReadOnlySpan<byte> reason) => _open.Withdraw(callerId, reason);

    /// <summary>Takes no more requests and answers those that are open with an error.</summary>
    public void Refuse(RouterError error) => _open.Refuse(error);

    /// <summary>Brings the client's answer back to the server that asked.</summary>
    /// <returns>False when nobody waits for it.</returns>
    public bool TakeAnswer(ReadOnlySpan<byte> frame, in Envelope envelope) => Asking.TakeAnswer(frame, envelope);

    /// <inheritdoc/>
    ReadOnlySpan<byte> IAskedClient.StampFor(Revision revision, string level)
    {
        if (_stamp is not { } stamp || !ReferenceEquals(stamp.Revision, revision) || stamp.Level != level || stamp.Profile != Profile)
        {
            _stamp = stamp = SessionStamp.Make(revision, level, Profile, Info.Span);
        }

        return stamp.Members;
    }

    /// <inheritdoc/>
    Task<byte[]?> IAskedClient.AskAsync(Exchange call, Func<long, byte[]> build, Func<byte[], bool> send, CancellationToken cancellationToken) =>
        Asking.AskAsync(call, build, send, cancellationToken);

    /// <inheritdoc/>
    void IAskedClient.CallEnded(Exchange call) => Asking.CallEnded(call);

    /// <summary>Notes a subscription; at most 10,000 are kept.</summary>
    /// <param name="key">Server and uri as the server names it.</param>
    /// <param name="shown">The uri as the client names it.</param>
    public void Subscribe(string key, string shown)
    {
        lock (_gate)
        {
            if (_subscriptions.Count < 10_000)
            {
                _subscriptions[key] = shown;
            }
        }
    }

    /// <summary>Forgets a subscription.</summary>
    public void Unsubscribe(string key)
    {
        lock (_gate)
        {
            _subscriptions.Remove(key);
        }
    }

    /// <summary>What is subscribed to under keys that begin so, without that beginning.</summary>
    public IReadOnlyList<string> Subscribed(string prefix)
    {
        lock (_gate)
        {
            return [.. _subscriptions.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k[prefix.Length..])];
        }
    }

    /// <summary>Tells whether it subscribed to a resource, or to one that contains it.</summary>
    /// <param name="key">Server and uri as the server names it.</param>
    /// <param name="shown">The uri as the client names it; null when a containing one matched.</param>
    public bool IsSubscribed(string key, out string? shown)
    {
        lock (_gate)
        {
            if (_subscriptions.TryGetValue(key, out shown))
            {
                return true;
            }

            foreach (var subscribed in _subscriptions.Keys)
            {
                if (ResourceTree.Contains(subscribed, key))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Ends the conversation: open calls are withdrawn, servers that wait for an answer are told. Idempotent.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
        }

        var unanswered = Asking.Close();
        _open.Close("\"the client has gone\""u8);
        foreach (var question in unanswered)
        {
            question.Answered?.TrySetResult(null);
            question.Connection?.Reply(new RouterError(ErrorCodes.InternalError, "The client has gone.").ToFrame(question.Id), default);
        }
    }
}
