using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Sessions;

/// <summary>A server's question that a client has not answered yet.</summary>
/// <param name="Number">The id the client knows it by, and the token of progress on it.</param>
/// <param name="Connection">Who asks.</param>
/// <param name="Id">The server's own id, byte for byte.</param>
/// <param name="Token">The server's own progress token, byte for byte, or null.</param>
internal sealed record Question(long Number, UpstreamConnection Connection, byte[] Id, byte[]? Token)
{
    /// <summary>The client's call it belongs to, or null. Guarded by the list of open questions.</summary>
    public OpenCall? Call { get; set; }

    /// <summary>True when it came on the call's response stream; else the call was the only one there was.</summary>
    public bool CameWithCall { get; init; }
}
