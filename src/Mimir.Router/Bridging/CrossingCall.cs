using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Router.Bridging;

/// <summary>
/// A call whose two sides differ. It stands between the client's request and the call upstream: what comes back is translated before
/// it is handed on, and the client's request may end while the call goes on, and the other way round.
/// </summary>
/// <remarks>
/// Locks are taken in this order: the call's own as an exchange, <see cref="State"/>, the client's exchange. Never the other way.
/// </remarks>
internal abstract class CrossingCall : Exchange, IUpstreamCalls
{
    private static long s_legs;
    private Exchange? _caller;
    private TokenBytes _token;
    private long _leg;
    private int _callerGeneration;
    private RouterError? _again;

    /// <summary>Sends the client's request anew, wherever its server is by then; null when it is sent once.</summary>
    public Action<RouterError>? Again { get; init; }

    /// <summary>True when the call does no harm if it runs twice, so that it is sent again also when it may have run.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Guards what the two sides share.</summary>
    protected Lock State { get; } = new();

    /// <summary>The client's request that waits, or null. Under <see cref="State"/>.</summary>
    protected Exchange? Caller => _caller;

    /// <summary>The id under which the client's request waits here. Under <see cref="State"/>.</summary>
    protected long Leg => _leg;

    /// <summary>Which use of the client's request that is. Under <see cref="State"/>.</summary>
    protected int CallerGeneration => _callerGeneration;

    /// <summary>What goes before task ids in what the client gets, or null.</summary>
    public byte[]? ShownTaskTag { get; init; }

    /// <summary>What goes before the uris of a read resource's contents, or null.</summary>
    public byte[]? ShownContentPrefix { get; init; }

    /// <summary>Deepest nesting of what is passed on.</summary>
    public required int MaxDepth { get; init; }

    /// <summary>Lets a request of the client wait for the call.</summary>
    /// <param name="caller">The request.</param>
    /// <param name="generation">Which use of it.</param>
    /// <param name="token">Its progress token, empty when it has none.</param>
    /// <returns>False when it ended meanwhile.</returns>
    public bool Bind(Exchange caller, int generation, ReadOnlySpan<byte> token)
    {
        ArgumentNullException.ThrowIfNull(caller);
        lock (State)
        {
            // Below 0, where no table of open calls has an id.
            var leg = Interlocked.Decrement(ref s_legs);
            scoped CallTerms terms = default;
            terms.Token = token;
            if (!caller.Open(generation, this, leg, terms))
            {
                return false;
            }

            _caller = caller;
            _leg = leg;
            _callerGeneration = generation;
            _token.Set(token);
            Deadline = caller.Deadline;
            Tool = caller.Tool;
            return true;
        }
    }

    /// <summary>The client gave its request up: so is the call. A request that was answered meanwhile has no say any more.</summary>
    /// <param name="upstreamId">The id under which the request waited.</param>
    /// <param name="reason">Raw JSON string for the server, or empty.</param>
    public void Cancel(long upstreamId, ReadOnlySpan<byte> reason)
    {
        lock (State)
        {
            if (_caller is null || _leg != upstreamId)
            {
                return;
            }

            _caller = null;
        }

        GaveUp(reason);
    }

    /// <summary>Gives the call up, as its client did.</summary>
    protected virtual void GaveUp(ReadOnlySpan<byte> reason) => Withdraw(reason);

    /// <summary>Takes the client's request, which will be answered now. Under <see cref="State"/>.</summary>
    protected Exchange? TakeCaller()
    {
        var caller = _caller;
        _caller = null;
        return caller;
    }

    /// <inheritdoc/>
    protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        lock (State)
        {
            if (_caller is not { } caller)
            {
                // Nobody waits at the moment: the client was asked something and will come back.
                return false;
            }

            if (_token.Span.SequenceEqual(CallerToken.Span))
            {
                return caller.Relate(_leg, frame, splices);
            }

            // The client came back with another token than it had when the call was sent.
            var applied = splices.Apply(frame);
            if (EnvelopeScanner.Scan(applied, MaxDepth, out var envelope) != ScanStatus.Ok)
            {
                return false;
            }

            scoped SpliceList own = default;
            if (envelope.NotifiedToken.Exists)
            {
                if (_token.IsEmpty)
                {
                    return false;
                }

                own.Replace(envelope.NotifiedToken, _token.Span);
            }

            return caller.Relate(_leg, applied, own);
        }
    }

    /// <inheritdoc/>
    protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        // Answers come with their envelope, see OnAnswer; this one was made elsewhere in the house.
        var applied = splices.Apply(frame);
        if (EnvelopeScanner.Scan(applied, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok)
        {
            OnAnswer(applied, default, envelope);
        }
        else
        {
            OnError(new RouterError(ErrorCodes.InternalError, "The answer could not be read again."));
        }
    }

    /// <inheritdoc/>
    protected override void OnResult(ReadOnlySpan<byte> result)
    {
        scoped SpliceList splices = default;
        ResultFrame.Wrap(ref splices, "0"u8, result.Length);
        OnFinal(result, splices);
    }

    /// <summary>
    /// Tells whether an error is none of the client's: the server was lost and the request is sent again. The client's request waits
    /// on. Under <see cref="State"/>.
    /// </summary>
    protected bool IsSentAgain(RouterError error)
    {
        var mayBe = error switch
        {
            { Code: ErrorCodes.ServerLost } => error.Retryable || IsRepeatable,
            { UpstreamStatus: 429 } => true,
            { Code: ErrorCodes.CallTimedOut } or { UpstreamStatus: >= 500 } => IsRepeatable,
            _ => false,
        };
        _again = mayBe && Again is not null && _caller is not null ? error : null;
        return _again is not null;
    }

    /// <inheritdoc/>
    public override bool MayRepeat => IsRepeatable && Again is not null;

    /// <inheritdoc/>
    protected override void Settled()
    {
        Ended();
        if (_again is { } error)
        {
            Again!(error);
        }
    }

    /// <inheritdoc/>
    protected override void Withdrawn() => Ended();

    /// <summary>Called outside all locks when the call upstream has ended, however.</summary>
    protected abstract void Ended();
}
