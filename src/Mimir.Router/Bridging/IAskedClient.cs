using Mimir.Protocol.Revisions;
using Mimir.Router.State;

namespace Mimir.Router.Bridging;

/// <summary>A legacy client, as seen by the calls it makes at servers of another kind.</summary>
public interface IAskedClient
{
    /// <summary>What it declared.</summary>
    ClientProfile Profile { get; }

    /// <summary>The log level it asked for, or null while it said nothing.</summary>
    string? LogLevel { get; }

    /// <summary>What it said of itself: a JSON object.</summary>
    ReadOnlyMemory<byte> Info { get; }

    /// <summary>What a modern request says of the client: the members of <c>_meta</c>, without braces.</summary>
    /// <param name="revision">The revision of the request.</param>
    /// <param name="level">The log level it wants.</param>
    ReadOnlySpan<byte> StampFor(Revision revision, string level);

    /// <summary>Asks it something on behalf of a call.</summary>
    /// <param name="call">The call it is about; the question ends with it.</param>
    /// <param name="build">Makes the request, given the number that is its id.</param>
    /// <param name="send">Brings it on the call's own stream; false when that is not to be had.</param>
    /// <param name="cancellationToken">Takes the question back; the client is told.</param>
    /// <returns>The whole answer; null when there will be none.</returns>
    Task<byte[]?> AskAsync(Exchange call, Func<long, byte[]> build, Func<byte[], bool> send, CancellationToken cancellationToken);

    /// <summary>A call has ended: so have its questions.</summary>
    void CallEnded(Exchange call);
}
