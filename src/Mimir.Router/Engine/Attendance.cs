using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Engine;

/// <summary>A stream of the router's own at a server.</summary>
/// <param name="Connection">Where.</param>
/// <param name="Exchange">The request, which stays open.</param>
/// <param name="Wanted">The resources or tasks it names.</param>
internal sealed record Attendance(UpstreamConnection Connection, LocalExchange Exchange, SortedSet<string> Wanted)
{
    /// <summary>True once the server has acknowledged it.</summary>
    public volatile bool Acknowledged;

    /// <summary>When it was opened, on the monotonic clock.</summary>
    public long Since { get; init; }

    /// <summary>The pause before it was opened in place of another; longer each time, until one has stood for a while.</summary>
    public TimeSpan Pause { get; set; }

    /// <summary>Completes when the server has acknowledged it, or ended it.</summary>
    public TaskCompletionSource Promised { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
