using Mimir.Protocol.Envelopes;

namespace Mimir.Router.State;

/// <summary>How the answer to a request reaches its client: at once, or, where calls are kept before they are answered, once that is done.</summary>
public abstract class AnsweredExchange : ExchangeTerms
{
    private HeldAnswer? _held;
    private int _generation;

    /// <summary>The code of the error it ended with, 0 for a result.</summary>
    public long ErrorCode { get; private protected set; }

    /// <summary>True once the upstream's answer ended it, as nothing made here does.</summary>
    public bool IsAnswered { get; private protected set; }

    /// <summary>Which use of the object this is. Work that goes on elsewhere keeps it and names it when it comes back.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>True while the answer waits for the call to be kept.</summary>
    private protected bool IsHeld => Volatile.Read(ref _held) is not null;

    /// <summary>Guards all of it.</summary>
    private protected Lock Gate { get; } = new();

    /// <summary>Hands over the answer that waited until the call was kept.</summary>
    /// <param name="generation">Which use is meant.</param>
    /// <param name="instead">What is handed over instead, or null.</param>
    internal void Deliver(int generation, RouterError? instead)
    {
        lock (Gate)
        {
            if (generation != _generation || _held is not { } held)
            {
                return;
            }

            _held = null;
            if ((instead ?? held.Error) is { } error)
            {
                OnError(error);
            }
            else if (held.IsResult)
            {
                OnResult(held.Bytes);
            }
            else
            {
                OnFinal(held.Bytes, default);
            }
        }

        Settled();
    }

    /// <summary>Takes the answer. Called under the lock; must not block.</summary>
    protected abstract void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices);

    /// <summary>Takes the answer as it was read off the wire. Called under the lock; must not block.</summary>
    protected virtual void OnAnswer(ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope) => OnFinal(frame, splices);

    /// <summary>Takes a notification or a question. Called under the lock; must not block.</summary>
    /// <returns>False when it was not taken: the client has gone, or reads too slowly for what may be dropped.</returns>
    protected abstract bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices);

    /// <summary>Takes the news that a resumable stream was opened. Called under the lock; must not block.</summary>
    protected virtual void OnPrimed()
    {
    }

    /// <summary>Takes an error made here. Called under the lock; must not block.</summary>
    protected abstract void OnError(RouterError error);

    /// <summary>Takes a result made here. Called under the lock; must not block.</summary>
    protected abstract void OnResult(ReadOnlySpan<byte> result);

    /// <summary>Called once, outside the lock, after the exchange ended otherwise than by withdrawal.</summary>
    protected abstract void Settled();

    /// <summary>Called once, outside the lock, after the exchange was withdrawn.</summary>
    protected virtual void Withdrawn()
    {
    }

    /// <summary>Called outside the lock after <see cref="OnRelated"/>.</summary>
    protected virtual void Stirred()
    {
    }

    /// <summary>Has the end of the call kept. Under <see cref="Gate"/>.</summary>
    /// <returns>True when the answer waits for that.</returns>
    private protected bool Keeps(CallOutcome outcome, ReadOnlySpan<byte> frame, in SpliceList splices, bool isResult)
    {
        if (Record is { } record && record.End(ErrorCode != 0 ? CallOutcome.Error : outcome, ErrorCode, IsAnswered ? frame.Length : 0))
        {
            _held = new HeldAnswer(splices.Apply(frame), isResult, null);
        }

        return _held is not null;
    }

    /// <inheritdoc cref="Keeps(CallOutcome, ReadOnlySpan{byte}, in SpliceList, bool)"/>
    private protected bool Keeps(RouterError error)
    {
        _held = Record?.End(error) == true ? new HeldAnswer([], false, error) : null;
        return _held is not null;
    }

    /// <summary>Begins another use. Under <see cref="Gate"/>.</summary>
    private protected int NextUse()
    {
        _held = null;
        ErrorCode = 0;
        IsAnswered = false;
        return ++_generation;
    }

    /// <summary>Gives up the answer that waits. Under <see cref="Gate"/>.</summary>
    /// <returns>False when none does.</returns>
    private protected bool TakeHeld() => Interlocked.Exchange(ref _held, null) is not null;
}
