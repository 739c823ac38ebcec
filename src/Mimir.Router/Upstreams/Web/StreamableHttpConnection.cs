using System.Buffers;
using System.Net;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Sse;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Upstreams.Web;

/// <summary>
/// A connection over Streamable HTTP, either era: each request is a POST whose answer is JSON or a stream of events.
/// </summary>
/// <remarks>
/// Legacy: the session id of <c>initialize</c> goes with every request; a 404 means it expired, and since the request was refused
/// it is sent again, once, after a new handshake; a stream that ends before the answer is resumed when it gave event ids.
/// Modern: method, name and annotated parameters are mirrored in headers; breaking the request off is the cancellation.
/// </remarks>
internal sealed class StreamableHttpConnection : UpstreamConnection
{
    private const string AcceptBoth = "application/json, text/event-stream";
    private const int MostResumptions = 10;
    private readonly HttpWire _wire;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _renewing = new(1);
    private readonly UnaskedStream _unasked;
    private volatile string? _session;

    public StreamableHttpConnection(ConnectionOrder order, HttpWire wire)
        : base(order)
    {
        _wire = wire;
        _unasked = new UnaskedStream(this, wire, _stop.Token);
    }

    /// <summary>The id of the legacy session that is open; null before, and at a server that has none.</summary>
    public string? Session => _session;

    private bool Modern => Order.Era == Era.Modern;

    /// <inheritdoc/>
    public override async ValueTask NotifyAsync(ReadOnlyMemory<byte> frame, McpMethod method)
    {
        using var request = NewPost(frame, method, McpMethods.NameOf(method));
        try
        {
            using var response = await _wire.SendAsync(request, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            // Best effort: a request after it will show that the server is gone.
        }

        if (method == McpMethod.Initialized)
        {
            _unasked.Begin();
        }
    }

    /// <inheritdoc/>
    public override void Reply(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        _ = NotifyAsync(splices.Apply(frame), McpMethod.Unknown).AsTask();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        var first = IsOpen;
        Close("it was stopped");
        if (first && _session is { } session && !_stop.IsCancellationRequested)
        {
            // Polite, and bounded: the server may forget the session now instead of later.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), Order.Clock.Time);
            using var request = HttpWire.Create(HttpMethod.Delete, _wire.Url, null, AcceptBoth);
            AddSession(request, session);
            try
            {
                using var response = await _wire.SendAsync(request, limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                // It is gone already.
            }
        }

        await _stop.CancelAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Post(
        long id, Exchange exchange, ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope, in CallTarget target)
    {
        var call = HttpCall.Rent(id, exchange, frame, splices, envelope);
        if (Modern)
        {
            call.Name = target.HeaderName ?? MirroredNames.Of(frame, envelope, target);
            if (target.Parameters is { IsEmpty: false } parameters && envelope.Arguments.Exists)
            {
                var mirrored = new List<KeyValuePair<string, string>>();
                parameters.Collect(envelope.Arguments.Of(frame), mirrored);
                call.Parameters = mirrored;
            }
        }

        _ = RunAsync(call);
    }

    /// <inheritdoc/>
    protected override void Abandon(long id, Exchange exchange, ReadOnlySpan<byte> reason)
    {
        if (!Modern && exchange.Method != McpMethod.Initialize)
        {
            var notice = Cancellation.Build(id, reason);
            _ = NotifyAsync(notice, McpMethod.Cancelled).AsTask();
        }

        (exchange.Operation as HttpCall)?.Abort(id);
    }

    /// <summary>
    /// Sends a call and takes its answer. One method that keeps little, for what it keeps is allocated for every call; whatever is
    /// rare waits in methods of its own.
    /// </summary>
    private async Task RunAsync(HttpCall call)
    {
        try
        {
            if (_renewing.CurrentCount == 0 && call.Method != McpMethod.Initialize)
            {
                await SessionRenewedAsync(call).ConfigureAwait(false);
            }

            call.Session = _session;
            call.Response = await _wire.SendAsync(NewPost(call), call.Aborted).ConfigureAwait(false);
            if (call.Response.StatusCode == HttpStatusCode.NotFound && call.Session is not null && call.Method != McpMethod.Initialize)
            {
                call.Response = await SendInNewSessionAsync(call, call.Response).ConfigureAwait(false);
            }

            if (call.Method == McpMethod.Initialize && call.Response.IsSuccessStatusCode
                && call.Response.Headers.TryGetValues(McpHeaders.SessionId, out var ids))
            {
                _session = ids.FirstOrDefault();
            }

            await TakeResponseAsync(call, call.Response).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException)
        {
            var neverSent = HttpWire.NeverSent(e);
            Fail(call.Id, Lost(HttpWire.Describe(e), neverSent));
            if (neverSent && NothingElseIsUnderWay())
            {
                Close(HttpWire.Describe(e));
            }
        }
        finally
        {
            call.Return();
        }
    }

    /// <summary>Waits while a session is being opened in place of one that expired: nothing is sent into the middle of that.</summary>
    private async Task SessionRenewedAsync(HttpCall call)
    {
        await _renewing.WaitAsync(call.Aborted).ConfigureAwait(false);
        _renewing.Release();
    }

    /// <summary>The server refused the call because it does not know the session any more: it is sent once more in a new one.</summary>
    private async Task<HttpResponseMessage> SendInNewSessionAsync(HttpCall call, HttpResponseMessage refusal)
    {
        refusal.Dispose();
        await RenewAsync(call.Session!).ConfigureAwait(false);
        if (_renewing.CurrentCount == 0)
        {
            await SessionRenewedAsync(call).ConfigureAwait(false);
        }

        return await _wire.SendAsync(NewPost(call), call.Aborted).ConfigureAwait(false);
    }

    /// <summary>
    /// A refused connection says that the server is gone only when nothing else is under way at it: a server that is overrun refuses
    /// some and serves the others, which will tell themselves when it is not there any more. The router's own listening is no sign of
    /// life, for it may hang on a wire that is dead.
    /// </summary>
    private bool NothingElseIsUnderWay() => Pending.Snapshot().TrueForAll(static open => open.Exchange.Method == McpMethod.Listen);

    private async Task TakeResponseAsync(HttpCall call, HttpResponseMessage response)
    {
        call.Exchange.UpstreamStatus = (int)response.StatusCode;
        if (response.IsSuccessStatusCode && HttpWire.IsEventStream(response))
        {
            await TakeStreamAsync(call, response).ConfigureAwait(false);
            return;
        }

        if (await HttpWire.ReadAllAsync(response, Order.Limits.MaxMessageBytes, call.Aborted).ConfigureAwait(false) is not var (buffer, length))
        {
            Fail(call.Id, new RouterError(
                ErrorCodes.TooLarge, $"Server '{Server.Name}' sent an answer of more than {Order.Limits.MaxMessageBytes} bytes (limits.maxMessageBytes).", Server.Name));
            return;
        }

        try
        {
            var kind = length > 0 && response.StatusCode != HttpStatusCode.Accepted
                ? Take(buffer.AsSpan(0, length), call.Exchange, call.Id)
                : FrameKind.Invalid;
            if (Pending.Find(call.Id) is not null)
            {
                Fail(call.Id, HttpWire.Unanswered(Server.Name, response, kind));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask TakeStreamAsync(HttpCall call, HttpResponseMessage first)
    {
        using var parser = new SseParser(Order.Limits.MaxMessageBytes);
        HttpResponseMessage? again = null;
        try
        {
            for (var resumption = 0; ; resumption++)
            {
                try
                {
                    await HttpWire.ReadEventsAsync(again ?? first, parser, e => TakeEvent(call, e), call.Aborted).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or HttpRequestException && e is not SseLimitException && !parser.LastEventId.IsEmpty)
                {
                    // Broken, but it can be resumed.
                }

                if (Pending.Find(call.Id) is null)
                {
                    return;
                }

                if (Modern || parser.LastEventId.IsEmpty || resumption == MostResumptions)
                {
                    Fail(call.Id, Lost("it ended the stream before the answer", retryable: false));
                    return;
                }

                again?.Dispose();
                again = await ResumeAsync(parser, call.Aborted).ConfigureAwait(false);
                if (again is null)
                {
                    Fail(call.Id, Lost("it ended the stream before the answer and does not resume it", retryable: false));
                    return;
                }
            }
        }
        finally
        {
            again?.Dispose();
        }
    }

    private bool TakeEvent(HttpCall call, SseEvent e)
    {
        if (e.IsPriming)
        {
            call.Exchange.Prime(call.Id);
            return true;
        }

        if (!e.Data.IsEmpty)
        {
            Take(e.Data.Span, call.Exchange, call.Id);
        }

        return Pending.Find(call.Id) is not null;
    }

    private async ValueTask<HttpResponseMessage?> ResumeAsync(SseParser parser, CancellationToken cancellationToken)
    {
        var wait = Math.Clamp(parser.RetryMs ?? 1000, 0, 30_000);
        await Task.Delay(TimeSpan.FromMilliseconds(wait), Order.Clock.Time, cancellationToken).ConfigureAwait(false);
        using var request = NewGet(parser, _session);
        var response = await _wire.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode && HttpWire.IsEventStream(response))
        {
            return response;
        }

        response.Dispose();
        return null;
    }

    /// <summary>Takes a message that came outside any call.</summary>
    internal bool TakeUnasked(SseEvent e)
    {
        if (!e.Data.IsEmpty)
        {
            Take(e.Data.Span);
        }

        return true;
    }

    /// <summary>Opens a new session in place of one that expired; once, however many noticed.</summary>
    /// <exception cref="IOException">It opened none; the connection is closed.</exception>
    internal async Task RenewAsync(string expired)
    {
        await _renewing.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            if (_session != expired)
            {
                return;
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(Server.StartupTimeout);
            await Order.Handshake(this, limit.Token).ConfigureAwait(false);
            Order.Events.OnRenewed(this);
        }
        catch (ConnectFailure e)
        {
            Close("its session expired and it opened no new one");
            throw new IOException(e.Message, e);
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Asks for a stream, from where the parser stopped if it had begun.</summary>
    internal HttpRequestMessage NewGet(SseParser parser, string? session)
    {
        var request = HttpWire.Create(HttpMethod.Get, _wire.Url, null, "text/event-stream");
        AddSession(request, session);
        if (!parser.LastEventId.IsEmpty)
        {
            request.Headers.TryAddWithoutValidation(McpHeaders.LastEventId, Encoding.UTF8.GetString(parser.LastEventId.Span));
        }

        parser.Reset();
        return request;
    }

    private HttpRequestMessage NewPost(HttpCall call)
    {
        var request = NewPost(call.Body.AsMemory(0, call.Length), call.Method, call.MethodName);
        if (call.Name is not null)
        {
            request.Headers.TryAddWithoutValidation(McpHeaders.Name, call.Name);
        }

        foreach (var (name, value) in call.Parameters ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private HttpRequestMessage NewPost(ReadOnlyMemory<byte> body, McpMethod method, string methodName)
    {
        var request = HttpWire.Create(HttpMethod.Post, _wire.Url, new MemoryContent(body), AcceptBoth);
        if (Modern)
        {
            var revision = Handshake.Revision.Era == Era.Modern ? Handshake.Revision : Revision.LatestModern;
            request.Headers.TryAddWithoutValidation(McpHeaders.ProtocolVersion, revision.Name);
            request.Headers.TryAddWithoutValidation(McpHeaders.Method, methodName);
        }
        else if (method != McpMethod.Initialize)
        {
            AddSession(request, _session);
        }

        return request;
    }

    private void AddSession(HttpRequestMessage request, string? session)
    {
        if (session is not null)
        {
            request.Headers.TryAddWithoutValidation(McpHeaders.SessionId, session);
        }

        if (Handshake.Revision.SendsVersionHeader)
        {
            request.Headers.TryAddWithoutValidation(McpHeaders.ProtocolVersion, Handshake.Revision.Name);
        }
    }
}
