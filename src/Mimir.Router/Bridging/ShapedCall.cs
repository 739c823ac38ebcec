using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.State;

namespace Mimir.Router.Bridging;

/// <summary>
/// A call between sides of one era: at a server of a newer legacy revision, whose answer may hold what the client does not know, or one
/// that is sent again when its server is lost.
/// </summary>
/// <param name="client">The legacy client, or null for a modern one.</param>
/// <param name="wrapsOutput">See <see cref="Hop"/>.</param>
internal sealed class ShapedCall(IAskedClient? client, bool wrapsOutput) : CrossingCall
{
    /// <summary>Sees an answer before its client does, or null.</summary>
    public AnswerSeen? Answered { get; init; }

    /// <inheritdoc/>
    protected override void OnAnswer(ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope)
    {
        lock (State)
        {
            var leg = Leg;
            if (TakeCaller() is { } caller)
            {
                Answered?.Invoke(frame, envelope);
                Delivery.Hand(caller, leg, frame, envelope, this, client?.Profile.Revision, wrapsOutput);
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnError(RouterError error)
    {
        lock (State)
        {
            var leg = Leg;
            if (!IsSentAgain(error))
            {
                TakeCaller()?.Fail(leg, error);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Ended() => client?.CallEnded(this);

    /// <summary>Looks at an answer.</summary>
    internal delegate void AnswerSeen(ReadOnlySpan<byte> frame, in Envelope envelope);
}
