using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Bridging;

/// <summary>Opens a connection for a call whose client has been asked something already: its answers are lost if it is given up.</summary>
internal static class PatientOpening
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits for a server that was there a moment ago.</summary>
    /// <param name="slot">The place of the connection.</param>
    /// <param name="pauseFirst">True when it was lost just now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ConnectFailure">The server has been away too long, or speaks another era.</exception>
    public static async Task<UpstreamConnection> OpenAsync(ConnectionSlot slot, bool pauseFirst, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(slot.Pool.Clock, FirstPause, LongestPause);
        if (pauseFirst)
        {
            await backoff.PauseAsync(cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            try
            {
                return await slot.OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ConnectFailure e) when (!e.WrongEra && slot.Pool.IsAboutToReturn)
            {
                await backoff.PauseAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
