using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Calls;

/// <summary>How long attempts at a call may last.</summary>
internal static class Attempts
{
    /// <summary>Milliseconds that an attempt may last, at least 1: never beyond the time of the whole call, which the first attempt begins.</summary>
    public static long TimeLeft(Exchange exchange, ServerModel server, long now)
    {
        exchange.Deadline = exchange.Deadline == 0 ? now + (long)server.CallTimeout.TotalMilliseconds : exchange.Deadline;
        return Math.Clamp(exchange.Deadline - now, 1, (long)server.TimeoutOf(exchange.MayRepeat).TotalMilliseconds);
    }
}
