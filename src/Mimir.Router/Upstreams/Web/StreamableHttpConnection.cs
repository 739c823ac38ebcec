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

/// <summary>A connection over Streamable HTTP, either era: each request is a POST whose answer is JSON or a stream of events.</summary>
/// <remarks>
/// Legacy: the session id of <c>initialize</c> goes with every request; a 404 means it expired, and since the request was refused
/// it is sent again, once, after a new handshake; a stream that ends before the answer is resumed when it gave event ids.
/// Modern: method, name and annotated parameters are mirrored in headers; breaking the request off is the cancellation.
/// </remarks>
internal sealed class StreamableHttpConnection : UpstreamConnection
{
    private readonly HttpWire _wire;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _renewing = new(1);
    private readonly RequestMaker _requests;
    private readonly UnaskedStream _unasked;
    private readonly ReplyQueue _replies;
    private volatile string? _session;
    private long _renewed = -1;
    private volatile bool _endThemselves;

    public StreamableHttpConnection(ConnectionOrder order, HttpWire wire)
        : base(order)
    {
        _wire = wire;
        _requests = new RequestMaker(this, wire.Url);
        _replies = new ReplyQueue(frame => NotifyAsync(frame, McpMethod.Unknown));
        _unasked = new UnaskedStream(this, wire, _requests, _stop.Token);
    }

    /// <summary>The id of the legacy session that is open; null before, and at a server that has none.</summary>
    public string? Session => _session;

    /// <inheritdoc/>
    public override bool SaysForWhichCall => true;

    /// <summary>True once it turned out that the server speaks another era now; the connection is closed then.</summary>
    public bool IsOtherEra { get; private set; }

    private bool Modern => Order.Era == Era.Modern;

    /// <inheritdoc/>
    public override async ValueTask NotifyAsync(ReadOnlyMemory<byte> frame, McpMethod method)
    {
        using var request = _requests.Post(frame, method, McpMethods.NameOf(method), _session);
        await _wire.TellAsync(request, Order, method, _stop.Token).ConfigureAwait(false);
        if (method == McpMethod.Initialized)
        {
            _unasked.Begin();
        }
    }

    /// <inheritdoc/>
    public override void Reply(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable = false) => _replies.TryAdd(splices.Apply(frame));

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        var first = IsOpen;
        Close(Stopped);
        if (first && _session is { } session && !_stop.IsCancellationRequested)
        {
            // Polite, and bounded: the server may forget the session now instead of later.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), Order.Clock.Time);
            using var request = _requests.Delete(session);
            await _wire.TrySendAsync(request, limit.Token).ConfigureAwait(false);
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
    protected override void Closing(string reason)
    {
        foreach (var (id, exchange) in Pending.Snapshot())
        {
            if ((exchange.Operation as HttpCall)?.TakeAway(id) is { } frame)
            {
                Unsent(id, exchange, frame, reason);
            }
        }
    }

    /// <inheritdoc/>
    protected override bool Outlives(Exchange exchange) => _endThemselves && exchange.Operation is null or HttpCall { Method: not McpMethod.Listen };

    /// <inheritdoc/>
    protected override void BreakOff(long id, object? operation) => (operation as HttpCall)?.Abort(id);

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

    /// <summary>Sends a call and takes its answer. It keeps little, for that is allocated for every call; what is rare waits in methods of its own.</summary>
    private async Task RunAsync(HttpCall call)
    {
        try
        {
            if (_renewing.CurrentCount == 0 && call.Method is not (McpMethod.Initialize or McpMethod.Discover))
            {
                await SessionRenewedAsync(call).ConfigureAwait(false);
            }

            call.Session = _session;
            call.Response = await _wire.SendAsync(_requests.Post(call, _session), call.Aborted).ConfigureAwait(false);
            if (call.Response.StatusCode == HttpStatusCode.NotFound && call.Session is not null && call.Method != McpMethod.Initialize)
            {
                await SendAnewAsync(call).ConfigureAwait(false);
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
            // Once the request was answered in whatever way, it is a later one that was refused: to resume the stream, for example.
            var refused = HttpWire.NeverSent(e);
            var neverSent = refused && call.Response is null;
            var lost = Lost(HttpWire.Describe(e), neverSent || call.IsHeldBack) with { IsTakenBack = call.IsHeldBack };
            if (!lost.Retryable || !TryTakeBack(call.Id, call.Exchange, call.Body.AsSpan(0, call.Length), lost))
            {
                Fail(call.Id, lost);
            }

            if (refused && NothingElseIsUnderWay())
            {
                CloseAlone(HttpWire.Describe(e));
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
        call.HoldBack();
        await _renewing.WaitAsync(call.Aborted).ConfigureAwait(false);
        _renewing.Release();
        call.GoOn();
    }

    /// <summary>Refused, for its session is not known any more or the server is another: makes the handshake anew and sends it, which did not run, once more.</summary>
    private async Task SendAnewAsync(HttpCall call)
    {
        call.WasDoubted = true;
        call.HoldBack();
        await RenewAsync(call.Session).ConfigureAwait(false);
        call.GoOn();
        if (_renewing.CurrentCount == 0)
        {
            await SessionRenewedAsync(call).ConfigureAwait(false);
        }

        call.Response?.Dispose();
        call.Response = null;
        call.Session = _session;
        call.Response = await _wire.SendAsync(_requests.Post(call, _session), call.Aborted).ConfigureAwait(false);
    }

    /// <summary>
    /// A refused connection says that the server is gone only when nothing else is under way at it: one that is overrun refuses some and
    /// serves the others. The router's own listening is no sign of life, for it may hang on a wire that is dead.
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
            switch (await Doubts.AboutAsync(this, call, response.StatusCode, buffer.AsMemory(0, length)).ConfigureAwait(false))
            {
                case Doubt.WhoRefused:
                    await SendAnewAsync(call).ConfigureAwait(false);
                    await TakeResponseAsync(call, call.Response!).ConfigureAwait(false);
                    return;
                case Doubt.WhatItMeans when await Doubts.IsOtherEraAsync(this, call).ConfigureAwait(false):
                    Unsent(call.Id, call.Exchange, call.Body.AsSpan(0, call.Length), CloseReason);
                    return;
            }

            var kind = length > 0 && response.StatusCode != HttpStatusCode.Accepted && !Refusal.IsNotNow(response.StatusCode, buffer.AsSpan(0, length), Order.Limits.MaxDepth)
                ? Take(buffer.AsSpan(0, length), call.Exchange, call.Id)
                : FrameKind.Invalid;
            if (Pending.Find(call.Id) is not null)
            {
                Refused(call, _wire.Unanswered(Server.Name, response, kind, Order.Clock.Time, buffer.AsSpan(0, length)));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>It gave no answer. What it had no time for did not run, and is sent again once it has.</summary>
    private void Refused(HttpCall call, RouterError error)
    {
        Order.Health?.Rest(error.RetryAfter ?? TimeSpan.Zero);
        if (!error.Retryable || !TryTakeBack(call.Id, call.Exchange, call.Body.AsSpan(0, call.Length), error))
        {
            Fail(call.Id, error);
        }
    }

    private async ValueTask TakeStreamAsync(HttpCall call, HttpResponseMessage first)
    {
        using var stream = new AnswerStream(this, _wire, _requests, call);
        if (await stream.ReadAsync(first).ConfigureAwait(false) is { } reason)
        {
            Fail(call.Id, Lost(reason, retryable: false));
        }
    }

    /// <summary>Takes a message that came on the stream of a call.</summary>
    /// <returns>False when the call is over.</returns>
    internal bool TakeEvent(HttpCall call, SseEvent e)
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

    /// <summary>Takes a message that came outside any call.</summary>
    internal bool TakeUnasked(SseEvent e)
    {
        if (!e.Data.IsEmpty)
        {
            Take(e.Data.Span);
        }

        return true;
    }

    /// <summary>
    /// Closes it, and leaves requests their own ends: a refusal, by the system or by the server that has taken the place, says that one
    /// did not run, and the server that leaves may finish what it began.
    /// </summary>
    private void CloseAlone(string reason)
    {
        _endThemselves = true;
        Close(reason);
        _ = Retirement.WhenIdleAsync(this);
    }

    /// <summary>Makes the handshake anew, for a session that expired or a server that may be another one; once, however many noticed.</summary>
    /// <param name="expired">The session that is not known any more; null where there was none.</param>
    /// <exception cref="IOException">There is none any more; the connection is closed.</exception>
    internal async Task RenewAsync(string? expired)
    {
        var noticed = Order.Clock.Now;
        await _renewing.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            if (!IsOpen)
            {
                throw new IOException(CloseReason);
            }

            if (_session != expired || _renewed > noticed)
            {
                return;
            }

            // Whatever it is now, what is known of its session is void.
            _session = null;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(Server.StartupTimeout);
            await Order.Handshake(this, limit.Token).ConfigureAwait(false);
            _renewed = Order.Clock.Now;
            LogLevel = null;
            Order.Events.OnRenewed(this);
        }
        catch (ConnectFailure e)
        {
            IsOtherEra = e.WrongEra;
            CloseAlone("its session expired and it opened no new one");
            throw new IOException(e.Message, e);
        }
        finally
        {
            _renewing.Release();
        }
    }
}
