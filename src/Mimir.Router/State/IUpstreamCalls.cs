namespace Mimir.Router.State;

/// <summary>What an open request can still do upstream.</summary>
public interface IUpstreamCalls
{
    /// <summary>Forgets a call and tells the server. Does nothing when the call has ended.</summary>
    /// <param name="upstreamId">The id it was sent under.</param>
    /// <param name="reason">Raw JSON string, or empty.</param>
    void Cancel(long upstreamId, ReadOnlySpan<byte> reason);
}
