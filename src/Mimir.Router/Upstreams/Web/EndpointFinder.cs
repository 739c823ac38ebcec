using System.Buffers;
using System.Net;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Web;

/// <summary>
/// Finds where at a host its MCP server stands, for an address without a path: at the address itself, at <c>/mcp</c>, or over HTTP+SSE
/// at <c>/sse</c>. Asked anew for every connection, since another server may stand there by then.
/// </summary>
internal static class EndpointFinder
{
    private const int MostBytes = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly string[] Streamable = ["/", "/mcp", "/mcp/"];

    /// <summary>Finds it.</summary>
    /// <param name="model">The server as configured.</param>
    /// <param name="clock">Bounds the wait for each answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The server with its address; as it was when it has a path, when nothing was found and when nobody answers.</returns>
    public static async Task<HttpModel> FindAsync(HttpModel model, MonotonicClock clock, CancellationToken cancellationToken)
    {
        if (model.Url.AbsolutePath != "/" || model.Url.Query.Length > 0)
        {
            return model;
        }

        var wire = new HttpWire(model);
        foreach (var path in model.SseOnly ? [] : Streamable)
        {
            if (await AskAsync(path, IsStreamableAsync).ConfigureAwait(false) is not false and var found)
            {
                return found is null ? model : model with { Url = new Uri(model.Url, path) };
            }
        }

        return await AskAsync("/sse", HasEventsAsync).ConfigureAwait(false) is true ? model with { Url = new Uri(model.Url, "/sse") } : model;

        // By GET, which asks nothing of an MCP server. Null when the host itself is out of reach, about which the handshake says more.
        async Task<bool?> AskAsync(string path, Func<HttpResponseMessage, CancellationToken, ValueTask<bool>> judge)
        {
            using var late = new CancellationTokenSource(Patience, clock.Time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            try
            {
                using var request = HttpWire.Create(HttpMethod.Get, new Uri(model.Url, path), null, "text/event-stream");
                using var response = await wire.SendAsync(request, limit.Token).ConfigureAwait(false);
                return await judge(response, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Somebody is there who takes his time.
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return null;
            }
        }
    }

    private static ValueTask<bool> HasEventsAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(response.IsSuccessStatusCode && HttpWire.IsEventStream(response));

    /// <summary>
    /// A web server without such a path says so, or has a page there. Whoever takes other methods there, misses something or says anything
    /// in JSON-RPC has an endpoint.
    /// </summary>
    private static async ValueTask<bool> IsStreamableAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        if (response.IsSuccessStatusCode && HttpWire.IsEventStream(response))
        {
            return true;
        }

        var isNothing = response.IsSuccessStatusCode || (int)status is >= 300 and < 400
            || status is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.NotImplemented;
        return !isNothing || await IsJsonRpcAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<bool> IsJsonRpcAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (await HttpWire.ReadAllAsync(response, MostBytes, cancellationToken).ConfigureAwait(false) is not var (buffer, length))
        {
            return false;
        }

        var holds = buffer.AsSpan(0, length).IndexOf("\"jsonrpc\""u8) >= 0;
        ArrayPool<byte>.Shared.Return(buffer);
        return holds;
    }
}
