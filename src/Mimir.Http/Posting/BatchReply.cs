using System.Buffers;
using Mimir.Http.Sessions;
using Mimir.Http.Streams;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Http.Posting;

/// <summary>
/// Gathers the answers to one JSON-RPC batch (2025-03-26) into one array, until something comes that is no answer: from then on the
/// response is a stream of events, an answer each.
/// </summary>
internal sealed class BatchReply(HttpSession session, int requests)
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _answers = [];
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting = requests;

    /// <summary>Completes once the form of the response is known: all answers are in, or it streams.</summary>
    public Task Decided => _decided.Task;

    /// <summary>The log it streams through, or null when it is an array.</summary>
    public EventLog? Log { get; private set; }

    /// <summary>Makes the exchange for one of its requests.</summary>
    public Exchange NewExchange() => new Item(this, session);

    /// <summary>The array, once it was decided that there is one.</summary>
    public ReadOnlyMemory<byte> ToArray()
    {
        var array = new ArrayBufferWriter<byte>();
        lock (_gate)
        {
            for (var i = 0; i < _answers.Count; i++)
            {
                array.Write(i == 0 ? "["u8 : ","u8);
                array.Write(_answers[i]);
            }

            array.Write(_answers.Count == 0 ? "[]"u8 : "]"u8);
        }

        return array.WrittenMemory;
    }

    private void Add(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        lock (_gate)
        {
            if (Log is { } log)
            {
                log.Append(frame, splices, droppable: false, "message"u8);
                return;
            }

            _answers.Add(splices.Apply(frame));
        }
    }

    private bool Relate(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        lock (_gate)
        {
            if (Log is null)
            {
                Log = session.OpenLog();
                foreach (var answer in _answers)
                {
                    Log.Append(answer, default, droppable: false, "message"u8);
                }

                _answers.Clear();
                _decided.TrySetResult();
            }

            return Log.Append(frame, splices, droppable: frame.IndexOf("\"id\""u8) < 0, "message"u8);
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

            Log?.Complete();
        }

        _decided.TrySetResult();
    }

    /// <summary>One request of the batch.</summary>
    private sealed class Item(BatchReply batch, HttpSession session) : Exchange
    {
        public override string Transport => "http";

        protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices) => batch.Add(frame, splices);

        protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices) => batch.Relate(frame, splices);

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
