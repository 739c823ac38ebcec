using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Calls;

/// <summary>How long attempts at a call may last.</summary>
internal static class Attempts
{
    /// <summary>
    /// How long an attempt may last: unheard of never beyond the time of the whole call, which the first attempt begins. What a call
    /// waited before it was sent is no reason to hear of it more often.
    /// </summary>
    /// <param name="exchange">The call.</param>
    /// <param name="generation">Which use of it is meant.</param>
    /// <param name="server">Where it goes.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public static CallWindow TimeLeft(Exchange exchange, int generation, ServerModel server, long now)
    {
        var due = exchange.DueBy(generation, now + (long)server.CallTimeout.TotalMilliseconds);
        var most = (long)server.TimeoutOf(exchange.MayRepeat).TotalMilliseconds;
        return new CallWindow(Math.Clamp(due - now, 1, most), most);
    }
}
