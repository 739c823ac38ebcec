using Mimir.Router.Model;

namespace Mimir.Router.Upstreams;

/// <summary>Knows how to reach one kind of server.</summary>
public interface IConnector
{
    /// <summary>Opens a wire; the handshake is made by the caller.</summary>
    /// <exception cref="ConnectFailure">It could not be reached.</exception>
    Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken);

    /// <summary>Turns to another transport for a server that refused the one of a connection.</summary>
    /// <returns>False when there is none (left).</returns>
    bool TryOther(UpstreamConnection refused) => false;

    /// <summary>Fetches a URL of a server, to learn whether it is well.</summary>
    /// <param name="server">The server.</param>
    /// <param name="endpoint">What is fetched.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it is not well; null when it is.</returns>
    Task<string?> FetchAsync(ServerModel server, Uri endpoint, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>The name of the transport in use, for people.</summary>
    string KindOf(ServerModel server) => server.Transport.Kind;
}
