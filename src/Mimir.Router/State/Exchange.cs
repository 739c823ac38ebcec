using Mimir.Protocol.Envelopes;

namespace Mimir.Router.State;

/// <summary>
/// One request of a client while it is open: who asked, under which id, and where the answer goes. It ends exactly once: by the
/// upstream's answer, by an error made here, or by the client's cancellation.
/// </summary>
/// <remarks>
/// Objects are used again by their listeners. What comes from upstream carries the id it was sent under, ids are never used twice,
/// and every delivery compares it under the lock: late news of an earlier use is dropped and cannot reach another caller.
/// </remarks>
public abstract class Exchange
{
    private readonly Lock _gate = new();
    private long _upstreamId;
    private IUpstreamCalls? _upstream;

    /// <summary>The caller's id, byte for byte.</summary>
    public TokenBytes CallerId;

    /// <summary>The caller's progress token, byte for byte; empty when it sent none.</summary>
    public TokenBytes CallerToken;

    /// <summary>What is asked.</summary>
    public McpMethod Method { get; set; }

    /// <summary>The legacy session the request belongs to, or null.</summary>
    public object? Session { get; set; }

    /// <summary>The lowest log level the caller of a modern request wants, or null for none.</summary>
    public string? LogLevel { get; set; }

    /// <summary>What goes before task ids of the server asked, or null when they pass as they are.</summary>
    public byte[]? TaskTag { get; set; }

    /// <summary>Next and previous of the session's open requests; owned by that list.</summary>
    public Exchange? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public Exchange? Previous { get; set; }

    /// <summary>When the call times out, on the monotonic clock in milliseconds; moved by progress.</summary>
    public long Deadline { get; set; }

    /// <summary>When it times out whatever progress says.</summary>
    public long HardDeadline { get; set; }

    /// <summary>Milliseconds without news until the deadline.</summary>
    public long TimeoutMs { get; set; }

    /// <summary>The id under which the call is open upstream, 0 when it is not.</summary>
    public long UpstreamId => Volatile.Read(ref _upstreamId);

    /// <summary>Where the call is open, or null.</summary>
    public IUpstreamCalls? Upstream => _upstream;

    /// <summary>Binds the exchange to a call that is about to be sent.</summary>
    public void Open(IUpstreamCalls upstream, long upstreamId)
    {
        lock (_gate)
        {
            _upstream = upstream;
            Volatile.Write(ref _upstreamId, upstreamId);
        }
    }

    /// <summary>Hands over the answer.</summary>
    /// <param name="upstreamId">The id it came under.</param>
    /// <param name="frame">The answer as it came.</param>
    /// <param name="splices">What to put back; the caller's id is among it.</param>
    /// <returns>False when the exchange is not waiting for this id any more.</returns>
    public bool Finish(long upstreamId, ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        lock (_gate)
        {
            if (_upstreamId != upstreamId)
            {
                return false;
            }

            Close();
            OnFinal(frame, splices);
        }

        Settled();
        return true;
    }

    /// <summary>Hands over something that belongs to the request but does not end it.</summary>
    /// <returns>False when the exchange is not waiting for this id any more.</returns>
    public bool Relate(long upstreamId, ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        lock (_gate)
        {
            if (_upstreamId != upstreamId)
            {
                return false;
            }

            OnRelated(frame, splices);
        }

        Stirred();
        return true;
    }

    /// <summary>Ends an open call with an error made here.</summary>
    /// <returns>False when it had ended already.</returns>
    public bool Fail(long upstreamId, RouterError error)
    {
        lock (_gate)
        {
            if (_upstreamId != upstreamId)
            {
                return false;
            }

            Close();
            OnError(error);
        }

        Settled();
        return true;
    }

    /// <summary>Ends an exchange that was never sent upstream.</summary>
    public void Refuse(RouterError error)
    {
        lock (_gate)
        {
            OnError(error);
        }

        Settled();
    }

    /// <summary>Ends an exchange with an answer made here.</summary>
    public void Answer(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            OnFinal(frame, default);
        }

        Settled();
    }

    /// <summary>Ends an exchange with a result made here.</summary>
    /// <param name="result">The JSON of <c>result</c>.</param>
    public void AnswerResult(ReadOnlySpan<byte> result)
    {
        lock (_gate)
        {
            OnResult(result);
        }

        Settled();
    }

    /// <summary>
    /// Withdraws the call: nothing that comes later is delivered, the upstream is told.
    /// </summary>
    /// <param name="reason">Raw JSON string for the upstream, or empty.</param>
    /// <returns>False when there was no open call.</returns>
    public bool Withdraw(ReadOnlySpan<byte> reason)
    {
        IUpstreamCalls? upstream;
        long id;
        lock (_gate)
        {
            (upstream, id) = (_upstream, _upstreamId);
            Close();
        }

        if (upstream is null || id == 0)
        {
            return false;
        }

        upstream.Cancel(id, reason);
        return true;
    }

    /// <summary>Takes the answer. Called under the lock; must not block.</summary>
    protected abstract void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices);

    /// <summary>Takes a notification or a question. Called under the lock; must not block.</summary>
    protected abstract void OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices);

    /// <summary>Takes an error made here. Called under the lock; must not block.</summary>
    protected abstract void OnError(RouterError error);

    /// <summary>Takes a result made here. Called under the lock; must not block.</summary>
    protected abstract void OnResult(ReadOnlySpan<byte> result);

    /// <summary>Called once, outside the lock, after the exchange ended otherwise than by withdrawal.</summary>
    protected abstract void Settled();

    /// <summary>Called outside the lock after <see cref="OnRelated"/>.</summary>
    protected virtual void Stirred()
    {
    }

    private void Close()
    {
        Volatile.Write(ref _upstreamId, 0);
        _upstream = null;
    }
}
