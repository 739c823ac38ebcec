using Mimir.Protocol.Envelopes;
using Mimir.Router.Sessions;
using Mimir.Router.State;

namespace Mimir.Http.Sessions;

/// <summary>A request whose answer goes down the session's own stream (HTTP+SSE).</summary>
internal sealed class StreamExchange(EventSession session) : Exchange
{
    /// <inheritdoc/>
    public override string Transport => "sse";

    /// <inheritdoc/>
    protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices) => session.Send(frame, splices, droppable: false);

    /// <inheritdoc/>
    protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices) => session.Send(frame, splices, droppable: frame.IndexOf("\"id\""u8) < 0);

    /// <inheritdoc/>
    protected override void OnError(RouterError error) => session.Send(error.ToFrame(CallerId.Span), default, droppable: false);

    /// <inheritdoc/>
    protected override void OnResult(ReadOnlySpan<byte> result)
    {
        scoped SpliceList splices = default;
        ResultFrame.Wrap(ref splices, CallerId.Span, result.Length);
        session.Send(result, splices, droppable: false);
    }

    /// <inheritdoc/>
    protected override void Settled() => session.Untrack(this);

    /// <inheritdoc/>
    protected override void Withdrawn() => session.Untrack(this);
}
