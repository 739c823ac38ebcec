using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Router.Listeners;

/// <summary>One request of a client on a line. Goes back to its listener's pool when it ends.</summary>
internal sealed class StdioExchange(StdioListener listener) : Exchange
{
    /// <inheritdoc/>
    public override string Door => listener.Door;

    /// <inheritdoc/>
    protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices) => listener.Write(frame, splices, droppable: false);

    /// <inheritdoc/>
    protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices) => listener.Write(frame, splices, droppable: IsNotification(frame));

    /// <inheritdoc/>
    protected override void OnError(RouterError error) => listener.Write(error.ToFrame(CallerId.Span), default, droppable: false);

    /// <inheritdoc/>
    protected override void OnResult(ReadOnlySpan<byte> result)
    {
        scoped SpliceList splices = default;
        ResultFrame.Wrap(ref splices, CallerId.Span, result.Length);
        listener.Write(result, splices, droppable: false);
    }

    /// <inheritdoc/>
    protected override void Settled() => listener.Release(this);

    /// <inheritdoc/>
    protected override void Withdrawn() => listener.Release(this);

    /// <summary>Questions must arrive; progress and logs may be dropped for a client that does not read.</summary>
    private static bool IsNotification(ReadOnlySpan<byte> frame) => frame.IndexOf("\"id\""u8) < 0;
}
