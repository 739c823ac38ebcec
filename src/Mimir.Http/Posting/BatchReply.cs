using System.Buffers;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Sessions;
using Mimir.Router.State;

namespace Mimir.Http.Posting;

/// <summary>Gathers the answers to one JSON-RPC batch (2025-03-26) into one array.</summary>
internal sealed class BatchReply
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _array = new();
    private readonly TaskCompletionSource<ReadOnlyMemory<byte>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <param name="requests">How many answers will come.</param>
    public BatchReply(int requests)
    {
        _waiting = requests;
        _array.Write("["u8);
    }

    /// <summary>Completes with the array once all answers are in.</summary>
    public Task<ReadOnlyMemory<byte>> Done => _done.Task;

    /// <summary>Makes the exchange for one of its requests.</summary>
    public Exchange NewExchange(ClientSession session) => new Item(this, session);

    private void Add(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        lock (_gate)
        {
            if (_array.WrittenCount > 1)
            {
                _array.Write(","u8);
            }

            splices.WriteTo(_array, frame);
        }
    }

    private void Settle()
    {
        lock (_gate)
        {
            if (--_waiting > 0)
            {
                return;
            }

            _array.Write("]"u8);
        }

        _done.TrySetResult(_array.WrittenMemory);
    }

    /// <summary>One request of the batch. What belongs to it but is no answer goes the way of what belongs to no request.</summary>
    private sealed class Item(BatchReply batch, ClientSession session) : Exchange
    {
        protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices) => batch.Add(frame, splices);

        protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices) => session.Send(frame, splices, droppable: true);

        protected override void OnError(RouterError error) => batch.Add(error.ToFrame(CallerId.Span), default);

        protected override void OnResult(ReadOnlySpan<byte> result)
        {
            scoped SpliceList splices = default;
            ResultFrame.Wrap(ref splices, CallerId.Span, result.Length);
            batch.Add(result, splices);
        }

        protected override void Settled()
        {
            session.Untrack(this);
            batch.Settle();
        }

        protected override void Withdrawn() => Settled();
    }
}
