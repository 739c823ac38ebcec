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
public abstract class Exchange : AnsweredExchange
{
    private long _upstreamId;
    private IUpstreamCalls? _upstream;
    private Action? _withdrawn;
    private bool _ended = true;

    /// <summary>The id under which the call is open upstream, 0 when it is not.</summary>
    public long UpstreamId => Volatile.Read(ref _upstreamId);

    /// <summary>Where the call is open, or null.</summary>
    public IUpstreamCalls? Upstream => _upstream;

    /// <summary>True once it ended, however, and nothing is left to be handed over.</summary>
    public bool IsEnded => Volatile.Read(ref _ended) && !IsHeld;

    /// <summary>Starts a use of the object.</summary>
    /// <returns>The generation.</returns>
    public int Begin()
    {
        lock (Gate)
        {
            _ended = false;
            _upstream = null;
            _upstreamId = 0;
            _withdrawn = null;
            Clear();
            return NextUse();
        }
    }

    /// <summary>Begins the time of the request, unless it has begun.</summary>
    /// <param name="generation">Which use is meant.</param>
    /// <param name="deadline">When it would be over, in milliseconds on the monotonic clock.</param>
    /// <returns>When it is over; what was given where that use has ended, whose time is nobody's any more.</returns>
    internal long DueBy(int generation, long deadline)
    {
        lock (Gate)
        {
            if (_ended || generation != Generation)
            {
                return deadline;
            }

            return Deadline = Deadline == 0 ? deadline : Deadline;
        }
    }

    /// <summary>Counts that the request is sent again.</summary>
    /// <param name="generation">Which use is meant.</param>
    /// <returns>How often that is by now; more than anybody may where that use has ended, and nothing is sent.</returns>
    internal int CountResend(int generation)
    {
        lock (Gate)
        {
            return _ended || generation != Generation ? int.MaxValue : ++Resends;
        }
    }

    /// <summary>Binds the exchange to a call that is about to be sent.</summary>
    /// <param name="generation">Which use is meant.</param>
    /// <param name="upstream">Where it goes.</param>
    /// <param name="upstreamId">The id it will have there.</param>
    /// <param name="terms">What holds for it there.</param>
    /// <returns>False when it ended meanwhile and nothing is to be sent.</returns>
    public bool Open(int generation, IUpstreamCalls upstream, long upstreamId, in CallTerms terms)
    {
        lock (Gate)
        {
            if (_ended || generation != Generation)
            {
                return false;
            }

            CallerToken.Set(terms.Token);
            TaskTag = terms.TaskTag;
            ContentPrefix = terms.ContentPrefix;
            _upstream = upstream;
            UpstreamStatus = 0;
            Volatile.Write(ref _upstreamId, upstreamId);
            return true;
        }
    }

    /// <summary>Hands over the answer.</summary>
    /// <param name="upstreamId">The id it came under.</param>
    /// <param name="frame">The answer as it came.</param>
    /// <param name="splices">What to put back; the caller's id is among it.</param>
    /// <param name="errorCode">The code when it is an error, else 0.</param>
    /// <param name="outcome">How it ends the call, for what is kept of it.</param>
    /// <returns>False when the exchange is not waiting for this id any more.</returns>
    public bool Finish(long upstreamId, ReadOnlySpan<byte> frame, in SpliceList splices, long errorCode = 0, CallOutcome outcome = CallOutcome.Ok)
    {
        lock (Gate)
        {
            if (_upstreamId != upstreamId)
            {
                return false;
            }

            Close();
            ErrorCode = errorCode;
            IsAnswered = true;
            if (Keeps(outcome, frame, splices, isResult: false))
            {
                return true;
            }

            OnFinal(frame, splices);
        }

        Settled();
        return true;
    }

    /// <summary>Hands over the answer as it was read off the wire.</summary>
    /// <param name="upstreamId">The id it came under.</param>
    /// <param name="frame">The answer as it came.</param>
    /// <param name="splices">What to put back; the caller's id is among it.</param>
    /// <param name="envelope">The answer's envelope.</param>
    /// <returns>False when the exchange is not waiting for this id any more.</returns>
    public bool Finish(long upstreamId, ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope)
    {
        lock (Gate)
        {
            if (_upstreamId != upstreamId)
            {
                return false;
            }

            Close();
            ErrorCode = envelope.Kind == FrameKind.Error ? envelope.ErrorCode : 0;
            IsAnswered = true;
            if (Record is not null && Keeps(CallRecord.OutcomeOf(frame, envelope), frame, splices, isResult: false))
            {
                return true;
            }

            OnAnswer(frame, splices, envelope);
        }

        Settled();
        return true;
    }

    /// <summary>Hands over something that belongs to the request but does not end it.</summary>
    /// <returns>False when the exchange is not waiting for this id any more, or it cannot be passed on.</returns>
    public bool Relate(long upstreamId, ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        bool taken;
        lock (Gate)
        {
            if (_upstreamId != upstreamId)
            {
                return false;
            }

            taken = OnRelated(frame, splices);
        }

        Stirred();
        return taken;
    }

    /// <summary>Says that the server has opened a stream for the request that can be resumed.</summary>
    public void Prime(long upstreamId)
    {
        lock (Gate)
        {
            if (_upstreamId != upstreamId)
            {
                return;
            }

            OnPrimed();
        }

        Stirred();
    }

    /// <summary>Takes the exchange back from a call that did not run; it waits for another one.</summary>
    /// <returns>False when it is not waiting for this id any more.</returns>
    public bool Release(long upstreamId)
    {
        lock (Gate)
        {
            if (_upstreamId != upstreamId)
            {
                return false;
            }

            Volatile.Write(ref _upstreamId, 0);
            _upstream = null;
            return true;
        }
    }

    /// <summary>Has somebody told when the request is withdrawn while it waits to be sent; the last who asked.</summary>
    /// <param name="generation">Which use is meant.</param>
    /// <param name="tell">Called once, outside the lock; at once when it is over already. Null for nobody any more.</param>
    public void WhenWithdrawn(int generation, Action? tell)
    {
        lock (Gate)
        {
            if (!_ended && generation == Generation)
            {
                _withdrawn = tell;
                return;
            }
        }

        tell?.Invoke();
    }

    /// <summary>Ends an open call with an error made here.</summary>
    /// <returns>False when it had ended already.</returns>
    public bool Fail(long upstreamId, RouterError error)
    {
        lock (Gate)
        {
            if (_upstreamId != upstreamId)
            {
                return false;
            }

            Close();
            if (Keeps(error))
            {
                return true;
            }

            OnError(error);
        }

        Settled();
        return true;
    }

    /// <summary>Ends an exchange that was never sent upstream, or takes it back from there.</summary>
    public void Refuse(int generation, RouterError error)
    {
        lock (Gate)
        {
            if (_ended || generation != Generation)
            {
                return;
            }

            Close();
            if (Keeps(error))
            {
                return;
            }

            OnError(error);
        }

        Settled();
    }

    /// <summary>Ends an exchange with an answer made here.</summary>
    /// <param name="generation">Which use is meant.</param>
    /// <param name="frame">The whole answer.</param>
    /// <param name="outcome">How it ends the call, for what is kept of it.</param>
    public void Answer(int generation, ReadOnlySpan<byte> frame, CallOutcome outcome = CallOutcome.Ok)
    {
        lock (Gate)
        {
            if (_ended || generation != Generation)
            {
                return;
            }

            Close();
            if (Keeps(outcome, frame, default, isResult: false))
            {
                return;
            }

            OnFinal(frame, default);
        }

        Settled();
    }

    /// <summary>Ends an exchange with a result made here.</summary>
    /// <param name="generation">Which use is meant.</param>
    /// <param name="result">The JSON of <c>result</c>.</param>
    /// <param name="outcome">How it ends the call, for what is kept of it.</param>
    public void AnswerResult(int generation, ReadOnlySpan<byte> result, CallOutcome outcome = CallOutcome.Ok)
    {
        lock (Gate)
        {
            if (_ended || generation != Generation)
            {
                return;
            }

            Close();
            if (Keeps(outcome, result, default, isResult: true))
            {
                return;
            }

            OnResult(result);
        }

        Settled();
    }

    /// <summary>Hands over something made here that belongs to the request but does not end it.</summary>
    /// <returns>False when it ended, or it cannot be passed on.</returns>
    public bool Push(int generation, ReadOnlySpan<byte> frame)
    {
        bool taken;
        lock (Gate)
        {
            if (_ended || generation != Generation)
            {
                return false;
            }

            taken = OnRelated(frame, default);
        }

        Stirred();
        return taken;
    }

    /// <summary>Withdraws the request: nothing that comes later is delivered, the upstream is told. The caller gets no answer.</summary>
    /// <param name="reason">Raw JSON string for the upstream, or empty.</param>
    /// <returns>False when it had ended.</returns>
    public bool Withdraw(ReadOnlySpan<byte> reason) => Withdraw(Generation, reason);

    /// <inheritdoc cref="Withdraw(ReadOnlySpan{byte})"/>
    public bool Withdraw(int generation, ReadOnlySpan<byte> reason)
    {
        IUpstreamCalls? upstream;
        Action? waiting;
        long id;
        lock (Gate)
        {
            if (generation != Generation || (_ended && !IsHeld))
            {
                return false;
            }

            // One that has ended and waits to be answered is kept as it ended; nobody is there for the answer.
            var isHeld = TakeHeld();
            (upstream, id, waiting) = (_upstream, _upstreamId, isHeld ? null : _withdrawn);
            Close();
            if (!isHeld)
            {
                Record?.End(CallOutcome.Canceled, 0, 0);
            }
        }

        upstream?.Cancel(id, reason);
        waiting?.Invoke();
        Withdrawn();
        return true;
    }

    private void Close()
    {
        _ended = true;
        Volatile.Write(ref _upstreamId, 0);
        _upstream = null;
    }
}
