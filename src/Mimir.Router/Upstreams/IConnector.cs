using Mimir.Router.Model;

namespace Mimir.Router.Upstreams;

/// <summary>Knows how to reach one kind of server.</summary>
public interface IConnector
{
    /// <summary>Opens a wire; the handshake is made by the caller.</summary>
    /// <exception cref="ConnectFailure">It could not be reached.</exception>
    Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken);

    /// <summary>Turns to another transport for a server that refused this one.</summary>
    /// <returns>False when there is none (left).</returns>
    bool TryOther(ConnectionOrder order) => false;

    /// <summary>The name of the transport in use, for people.</summary>
    string KindOf(ServerModel server) => server.Transport.Kind;
}
