using System.Buffers;
using System.Net;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Sse;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Web;

/// <summary>
/// What all HTTP connections share: one handler with pooled sockets and no cookies, no redirects, no proxy of the environment, no
/// decompression, and the configured headers, which are set last and which nothing that comes from a client can replace.
/// </summary>
internal sealed class HttpWire
{
    private const int LongestReason = 60;
    private static readonly TimeSpan NoticeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);
    private static readonly HttpMessageInvoker Shared = new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = int.MaxValue,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        ConnectTimeout = TimeSpan.FromSeconds(15),
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 64 * 1024,
    });

    private readonly HttpModel _model;

    public HttpWire(HttpModel model) => _model = model;

    public Uri Url => _model.Url;

    public static HttpRequestMessage Create(HttpMethod method, Uri url, HttpContent? content, string accept)
    {
        var request = new HttpRequestMessage(method, url) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return request;
    }

    /// <summary>Sends; the configured headers win over anything set before.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in _model.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Shared.SendAsync(request, cancellationToken);
    }

    /// <summary>Fetches a URL of the server's, to learn whether it is well. The configured headers go with it only where the server itself is.</summary>
    /// <returns>Why it is not well; null with any status from 200 to 299.</returns>
    public async Task<string?> FetchAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        using var request = Create(HttpMethod.Get, endpoint, null, "*/*");
        try
        {
            var isItself = Uri.Compare(endpoint, Url, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
            using var response = await (isItself ? SendAsync(request, cancellationToken) : Shared.SendAsync(request, cancellationToken)).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : $"Its health endpoint answered {Describe(response)}.";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return $"Its health endpoint could not be fetched: {Describe(e)}.";
        }
    }

    /// <summary>Sends what has no answer, as well as it can: a request after it will show that the server is gone.</summary>
    public async Task TrySendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            // Nobody waits for it.
        }
    }

    /// <summary>
    /// Sends an answer or a notice. A server that hangs has a connection for each, so that they do not wait for it for ever: an answer does as long
    /// as a call, and a notice, which is of use only soon, half a minute. The one that ends a handshake has the time of that.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="order">Whose it is.</param>
    /// <param name="method">The method of the notice; unknown for an answer.</param>
    /// <param name="stop">Set when the connection ends.</param>
    public async Task TellAsync(HttpRequestMessage request, ConnectionOrder order, McpMethod method, CancellationToken stop)
    {
        var limit = method switch
        {
            McpMethod.Initialized => Timeout.InfiniteTimeSpan,
            McpMethod.Unknown => order.Server.CallTimeout,
            _ => NoticeLimit,
        };
        using var late = new CancellationTokenSource(limit, order.Clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        await TrySendAsync(request, either.Token).ConfigureAwait(false);
    }

    /// <summary>Reads a whole body into a rented buffer.</summary>
    /// <returns>The buffer and how much of it is filled; the caller gives it back. Null when it is larger than the limit.</returns>
    public static async ValueTask<(byte[] Buffer, int Length)?> ReadAllAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var announced = response.Content.Headers.ContentLength;
        if (announced > limit)
        {
            return null;
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent((int)(announced ?? 4096) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                var count = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    return (buffer, length);
                }

                length += count;
                if (length > limit)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return null;
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>Reads events until the stream ends or the handler has enough.</summary>
    /// <param name="response">The stream.</param>
    /// <param name="parser">Keeps the last event id and the retry time for the caller.</param>
    /// <param name="onEvent">False to stop.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task ReadEventsAsync(HttpResponseMessage response, SseParser parser, EventHandler onEvent, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var count = await stream.ReadAsync(parser.GetMemory(4096), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            parser.Advance(count);
            if (!Drain(parser, onEvent))
            {
                return;
            }
        }
    }

    public static bool IsEventStream(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type && type.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>What to tell people about a status that is no success. Never shows the body, which may hold anything.</summary>
    public string Describe(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var hint = status switch
        {
            401 or 403 => " (it wants credentials: set them under headers)",
            404 => " (is the URL right?)",
            >= 300 and < 400 => " (redirects are not followed: set the URL it leads to)",
            _ => "",
        };
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"HTTP {status} {ServerText.Of(_model, response.ReasonPhrase ?? "", LongestReason)}{hint}");
    }

    /// <summary>What to tell people about a failure to reach it.</summary>
    public static string Describe(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "nobody answers at its address",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name cannot be resolved",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "its certificate or TLS handshake was refused",
        SseLimitException => "it sent an event larger than the limit (limits.maxMessageBytes)",
        _ => "the connection broke",
    };

    /// <summary>True when the request certainly did not reach the server.</summary>
    public static bool NeverSent(Exception e) => e is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    private static bool Drain(SseParser parser, EventHandler onEvent)
    {
        while (parser.TryRead(out var e))
        {
            if (!onEvent(e))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How long a server wants to be left alone; at most an hour is believed.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        var pause = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return pause is null || pause < TimeSpan.Zero ? null : pause > LongestRest ? LongestRest : pause;
    }

    /// <summary>Takes one event; false when no more are wanted.</summary>
    internal delegate bool EventHandler(SseEvent e);

    /// <summary>
    /// The error for a response that holds no answer to what was asked. Only a 429 means for certain that nothing ran: with a 503, even one
    /// that says when to come again (Varnish gives every lost server's clients <c>Retry-After</c>), a proxy also says that it lost a server
    /// which was at work.
    /// </summary>
    /// <param name="server">Who answered.</param>
    /// <param name="response">The response.</param>
    /// <param name="kind">What its body was taken for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="body">Its body; empty where it is not looked at.</param>
    public RouterError Unanswered(string server, HttpResponseMessage response, FrameKind kind, TimeProvider time, ReadOnlySpan<byte> body = default)
    {
        var status = (int)response.StatusCode;
        var text = response.IsSuccessStatusCode
            ? kind == FrameKind.Invalid ? "something that is no answer" : "an answer to another request"
            : Describe(response);
        var said = status is 429 or 503 ? Refusal.MessageOf(body) : "";
        var pause = status is 429 or 503 ? RetryAfter(response, time) : null;
        return new RouterError(
            ErrorCodes.ServerUnavailable,
            said.Length > 0 ? $"Server '{server}' answered with {text}: {ServerText.Of(_model, said).TrimEnd('.')}." : $"Server '{server}' answered with {text}.",
            server,
            status == 429)
        {
            UpstreamStatus = status,
            RetryAfter = pause,
        };
    }
}
