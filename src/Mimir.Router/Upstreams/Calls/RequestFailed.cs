using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Calls;

/// <summary>A request of the router's own got no answer.</summary>
public sealed class RequestFailed(RouterError error) : Exception(error.Message)
{
    /// <summary>Why.</summary>
    public RouterError Error { get; } = error;
}
