using System.Net;
using Mimir.Protocol.Sse;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Web;

/// <summary>
/// The stream on which a legacy server speaks unasked: one for a connection, through all its sessions. Kept open, resumed where it
/// broke, asked for again when the way to the server is out of order. A server without one says so, mostly with 405.
/// </summary>
/// <param name="connection">Whose stream it is.</param>
/// <param name="wire">Where it is asked for.</param>
/// <param name="requests">Makes the requests for it.</param>
/// <param name="stop">Ends it.</param>
internal sealed class UnaskedStream(StreamableHttpConnection connection, HttpWire wire, RequestMaker requests, CancellationToken stop)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private CancellationTokenSource? _turn;
    private string? _turnSession;
    private bool _begun;

    /// <summary>Begins once a session is open; called for another session, it leaves the stream of the one before.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_turnSession != connection.Session)
            {
                _turn?.Cancel();
            }

            if (_begun)
            {
                return;
            }

            _begun = true;
        }

        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        var parser = new SseParser(connection.Order.Limits.MaxMessageBytes);
        try
        {
            var backoff = new Backoff(connection.Order.Clock, FirstPause, LongestPause);
            var stood = false;
            string? last = null;
            while (connection.IsOpen && !stop.IsCancellationRequested)
            {
                using var turn = CancellationTokenSource.CreateLinkedTokenSource(stop);
                string? session;
                lock (_gate)
                {
                    // In one step: a session that is opened from here on ends the turn.
                    (_turn, _turnSession) = (turn, session = connection.Session);
                }

                if (session != last)
                {
                    // Event ids are the session's own.
                    parser.Dispose();
                    parser = new SseParser(connection.Order.Limits.MaxMessageBytes);
                    (last, stood) = (session, false);
                    backoff.Reset();
                }

                TimeSpan? pause = null;
                try
                {
                    using var request = requests.Get(parser, session);
                    using var response = await wire.SendAsync(request, turn.Token).ConfigureAwait(false);
                    if (response.IsSuccessStatusCode && HttpWire.IsEventStream(response))
                    {
                        stood = true;
                        backoff.Reset();
                        await HttpWire.ReadEventsAsync(response, parser, connection.TakeUnasked, turn.Token).ConfigureAwait(false);
                        backoff.Reset();
                        pause = parser.RetryMs is { } retry ? TimeSpan.FromMilliseconds(Math.Clamp(retry, 100, 30_000)) : null;
                    }
                    else if (stood && response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed)
                    {
                        // The stream stood in this session, so it is the session that is not there any more, or the server.
                        await connection.RenewAsync(session).ConfigureAwait(false);
                    }
                    else if (HasNone(response.StatusCode))
                    {
                        return;
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
                {
                    // It was cut, or nobody is there now.
                }
                finally
                {
                    lock (_gate)
                    {
                        _turn = null;
                    }
                }

                if (connection.Session == session)
                {
                    await Task.Delay(pause ?? backoff.Next(), connection.Order.Clock.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        finally
        {
            parser.Dispose();
        }
    }

    /// <summary>
    /// Whether an answer says that there is no such stream. Before it has stood once in a session that is anything but trouble on the
    /// way: many servers know of no GET at all and answer 404, which is not taken for a session that expired the moment it was opened.
    /// </summary>
    private static bool HasNone(HttpStatusCode status) =>
        status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests) and (< HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented);
}
