using System.Net;
using Mimir.Protocol.Sse;

namespace Mimir.Router.Upstreams.Web;

/// <summary>
/// The stream on which a legacy server speaks unasked: one for a connection, through all its sessions. Kept open, resumed where it
/// broke, asked for again when the way to the server is out of order. A server without one says so, mostly with 405.
/// </summary>
/// <param name="connection">Whose stream it is.</param>
/// <param name="wire">Where it is asked for.</param>
/// <param name="stop">Ends it.</param>
internal sealed class UnaskedStream(StreamableHttpConnection connection, HttpWire wire, CancellationToken stop)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
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
            var pause = FirstPause;
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
                    (last, stood, pause) = (session, false, FirstPause);
                }

                try
                {
                    using var request = connection.NewGet(parser, session);
                    using var response = await wire.SendAsync(request, turn.Token).ConfigureAwait(false);
                    if (response.IsSuccessStatusCode && HttpWire.IsEventStream(response))
                    {
                        (stood, pause) = (true, FirstPause);
                        await HttpWire.ReadEventsAsync(response, parser, connection.TakeUnasked, turn.Token).ConfigureAwait(false);
                        pause = TimeSpan.FromMilliseconds(Math.Clamp(parser.RetryMs ?? 500, 100, 30_000));
                    }
                    else if (HasNone(response.StatusCode, stood))
                    {
                        return;
                    }
                    else if (response.StatusCode == HttpStatusCode.NotFound && session is not null)
                    {
                        // The stream stood in this session, so it is the session that is not there any more.
                        await connection.RenewAsync(session).ConfigureAwait(false);
                    }
                    else
                    {
                        pause = Longer(pause);
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
                {
                    pause = Longer(pause);
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
                    await Task.Delay(pause, connection.Order.Clock.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
    private static bool HasNone(HttpStatusCode status, bool stood) => status switch
    {
        HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented => true,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => false,
        _ => !stood,
    };

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}
