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
    public static CallWindow TimeLeft(Exchange exchange, ServerModel server, long now)
    {
        exchange.Deadline = exchange.Deadline == 0 ? now + (long)server.CallTimeout.TotalMilliseconds : exchange.Deadline;
        var most = (long)server.TimeoutOf(exchange.MayRepeat).TotalMilliseconds;
        return new CallWindow(Math.Clamp(exchange.Deadline - now, 1, most), most);
    }
}
