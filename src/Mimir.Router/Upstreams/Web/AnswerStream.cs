using System.Net;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Sse;

namespace Mimir.Router.Upstreams.Web;

/// <summary>
/// The stream of events on which one call is answered. A legacy server may close it whenever it likes once it gave an event id, and is then
/// asked for the rest: for as long as that brings anything, and the call lasts, whose end ends this.
/// </summary>
/// <param name="connection">Whose call it is.</param>
/// <param name="wire">Where the rest is asked for.</param>
/// <param name="requests">Makes the requests for it.</param>
/// <param name="call">The call.</param>
internal sealed class AnswerStream(StreamableHttpConnection connection, HttpWire wire, RequestMaker requests, HttpCall call) : IDisposable
{
    /// <summary>How often in a row it may be resumed and bring nothing.</summary>
    private const int MostInVain = 10;

    /// <summary>How often it is resumed as fast as the server wants. A server that closes it at once, again and again, keeps nobody busy.</summary>
    private const int MostUnpaced = 10;

    /// <summary>How often it is asked for again when the way to the server, or the server, is out of order.</summary>
    private const int MostRepeats = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private readonly SseParser _parser = new(connection.Order.Limits.MaxMessageBytes);
    private bool _hasNews;

    /// <summary>Reads until the call is answered, or over in another way.</summary>
    /// <param name="first">The stream as it began.</param>
    /// <returns>Null then; else why no answer comes any more.</returns>
    /// <exception cref="HttpRequestException">It broke, and cannot be resumed; or nobody is there.</exception>
    /// <exception cref="IOException">The same, or an event is too large.</exception>
    /// <exception cref="OperationCanceledException">The call is over.</exception>
    public async ValueTask<string?> ReadAsync(HttpResponseMessage first)
    {
        HttpResponseMessage? again = null;
        try
        {
            var inVain = 0;
            for (var resumed = 0; ; resumed++)
            {
                _hasNews = false;
                try
                {
                    await HttpWire.ReadEventsAsync(again ?? first, _parser, TakeEvent, call.Aborted).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or HttpRequestException && e is not SseLimitException && !_parser.LastEventId.IsEmpty)
                {
                    // Broken, but it can be resumed.
                }

                if (connection.Pending.Find(call.Id) is null)
                {
                    return null;
                }

                inVain = _hasNews ? 0 : inVain + 1;
                if (connection.Order.Era == Era.Modern || _parser.LastEventId.IsEmpty || inVain == MostInVain)
                {
                    return "it ended the stream before the answer";
                }

                again?.Dispose();
                again = null;
                again = await ResumeAsync(resumed).ConfigureAwait(false);
                if (again is null)
                {
                    return "it ended the stream before the answer and does not resume it";
                }
            }
        }
        finally
        {
            again?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _parser.Dispose();

    private bool TakeEvent(SseEvent e)
    {
        // One that sets nothing but the time to wait is none.
        _hasNews |= e.HasId || e.HasData;
        return connection.TakeEvent(call, e);
    }

    /// <summary>Asks for the rest of the stream, in the session it began in: event ids are the session's own.</summary>
    /// <param name="resumed">How often it was resumed before.</param>
    /// <returns>Null when the server has no rest of it.</returns>
    private async ValueTask<HttpResponseMessage?> ResumeAsync(int resumed)
    {
        var least = resumed < MostUnpaced ? 0 : 100;
        await PauseAsync(TimeSpan.FromMilliseconds(Math.Clamp(_parser.RetryMs ?? 1000, least, 30_000))).ConfigureAwait(false);
        for (var repeats = 0; ; repeats++)
        {
            TimeSpan? wanted = null;
            try
            {
                using var request = requests.Get(_parser, call.Session);
                var response = await wire.SendAsync(request, call.Aborted).ConfigureAwait(false);
                if (response.IsSuccessStatusCode && HttpWire.IsEventStream(response))
                {
                    return response;
                }

                using (response)
                {
                    if (repeats == MostRepeats || !MayPass(response.StatusCode))
                    {
                        return null;
                    }

                    wanted = HttpWire.RetryAfter(response, connection.Order.Clock.Time);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && repeats < MostRepeats && !call.Aborted.IsCancellationRequested)
            {
                // Nobody is there now, or nobody took the connection in time.
            }

            await PauseAsync(wanted ?? FirstPause * (1 << repeats)).ConfigureAwait(false);
        }
    }

    private Task PauseAsync(TimeSpan pause) => Task.Delay(pause, connection.Order.Clock.Time, call.Aborted);

    /// <summary>Whether a status is trouble on the way, which says nothing of the stream.</summary>
    private static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (>= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented);
}
