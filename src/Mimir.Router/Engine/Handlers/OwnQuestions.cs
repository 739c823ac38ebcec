using Mimir.Protocol.Envelopes;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Engine.Handlers;

/// <summary>
/// Some servers ask for roots on their own account, right after the handshake, and keep the answer for the whole session. That is
/// shared by clients, so no single one is to be asked: calls wait until that moment is over.
/// </summary>
internal static class OwnQuestions
{
    private const long MomentMs = 500;

    /// <summary>How long a call must wait until what the server asks can be asked for it; usually nothing.</summary>
    public static TimeSpan Pause(UpstreamConnection connection)
    {
        if (connection.ReadySince is not (> 0 and var since))
        {
            return TimeSpan.Zero;
        }

        var left = since + MomentMs - connection.Order.Clock.Now;
        if (left > 0 && connection.Order.Profile.Takes(McpMethod.RootsList))
        {
            return TimeSpan.FromMilliseconds(left);
        }

        // So that it is looked at no more.
        connection.ReadySince = 0;
        return TimeSpan.Zero;
    }

    /// <summary>Waits for that.</summary>
    public static async ValueTask OverAsync(UpstreamConnection connection, CancellationToken cancellationToken)
    {
        if (Pause(connection) is var pause && pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, connection.Order.Clock.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
