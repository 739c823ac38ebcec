using System.Collections.Concurrent;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;

namespace Mimir.Router.Upstreams.Web;

/// <summary>
/// Reaches servers behind a URL. Streamable HTTP first; a server that knows nothing of it (it refuses <c>initialize</c> with 400, 404
/// or 405) is spoken to over HTTP+SSE, and that is remembered. Where a URL has no path, the usual ones are tried.
/// </summary>
public sealed class HttpConnector : IConnector
{
    private readonly ConcurrentDictionary<string, bool> _eventStreams = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var model = await EndpointFinder.FindAsync((HttpModel)order.Server.Transport, order.Clock, cancellationToken).ConfigureAwait(false);
        var wire = new HttpWire(model);
        if (order.Era == Era.Legacy && (model.SseOnly || _eventStreams.ContainsKey(order.Server.Name)))
        {
            var stream = new EventStreamConnection(order, wire);
            try
            {
                await stream.OpenAsync(cancellationToken).ConfigureAwait(false);
                return stream;
            }
            catch
            {
                _eventStreams.TryRemove(order.Server.Name, out _);
                await stream.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        return model.SseOnly
            ? throw new ConnectFailure($"Server '{order.Server.Name}' is reached over HTTP+SSE, which only the legacy era has.") { WrongEra = true }
            : new StreamableHttpConnection(order, wire);
    }

    /// <inheritdoc/>
    public bool TryOther(UpstreamConnection refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        if (refused is not StreamableHttpConnection)
        {
            return false;
        }

        // Another attempt may have found it out a moment ago; this one was refused over the first way all the same.
        _eventStreams[refused.Server.Name] = true;
        return true;
    }

    /// <inheritdoc/>
    public Task<string?> FetchAsync(ServerModel server, Uri endpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new HttpWire((HttpModel)server.Transport).FetchAsync(endpoint, cancellationToken);
    }

    /// <inheritdoc/>
    public string KindOf(ServerModel server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return _eventStreams.ContainsKey(server.Name) ? "sse" : server.Transport.Kind;
    }
}
