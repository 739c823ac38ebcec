using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Sessions;

/// <summary>A server's question that a client has not answered yet.</summary>
/// <param name="Number">The id the client knows it by, and the token of progress on it.</param>
/// <param name="Connection">Who asks; null when it is a call made here that goes on with the answer.</param>
/// <param name="Id">The server's own id, byte for byte.</param>
/// <param name="Token">The server's own progress token, byte for byte, or null.</param>
internal sealed record Question(long Number, UpstreamConnection? Connection, byte[] Id, byte[]? Token)
{
    private Exchange? _call;

    /// <summary>The client's call it belongs to, or null.</summary>
    public Exchange? Call
    {
        get => Volatile.Read(ref _call);
        set => Volatile.Write(ref _call, value);
    }

    /// <summary>The id that call is open under, which nobody has after it; 0 when any call of the client may wait for the answer.</summary>
    public long CallId { get; init; }

    /// <summary>Takes the answer of a question asked on behalf of a call made here; null when a server asks.</summary>
    public TaskCompletionSource<byte[]?>? Answered { get; init; }

    /// <summary>True when it came on the call's response stream; else the call was the only one there was.</summary>
    public bool CameWithCall { get; init; }
}
