using System.Net;
using System.Buffers;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Sse;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Upstreams.Web;

/// <summary>
/// A connection over HTTP+SSE of 2024-11-05: one stream of events down, a POST for each message up. The stream's first event names
/// the address to post to, which must be of the same origin.
/// </summary>
internal sealed class EventStreamConnection : UpstreamConnection
{
    private readonly HttpWire _wire;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Uri> _endpoint = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ReplyQueue _replies;

    public EventStreamConnection(ConnectionOrder order, HttpWire wire)
        : base(order)
    {
        _wire = wire;
        _replies = new ReplyQueue(frame => NotifyAsync(frame, McpMethod.Unknown));
    }

    /// <summary>Opens the stream and waits for the address.</summary>
    /// <exception cref="ConnectFailure">There is no such stream.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var request = HttpWire.Create(HttpMethod.Get, _wire.Url, null, "text/event-stream");
        HttpResponseMessage response;
        try
        {
            response = await _wire.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new ConnectFailure($"Server '{Server.Name}': {HttpWire.Describe(e)}.", e);
        }

        if (!response.IsSuccessStatusCode || !HttpWire.IsEventStream(response))
        {
            response.Dispose();
            throw new ConnectFailure($"Server '{Server.Name}' has no event stream at its URL: {_wire.Describe(response)}.")
            {
                NeedsAuth = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden,
            };
        }

        _ = ReadAsync(response);
        await using (cancellationToken.UnsafeRegister(static s => ((EventStreamConnection)s!).Close("it named no address to post to"), this).ConfigureAwait(false))
        {
            await Task.WhenAny(_endpoint.Task, Gone.Task).ConfigureAwait(false);
        }

        if (!_endpoint.Task.IsCompletedSuccessfully)
        {
            throw new ConnectFailure($"Server '{Server.Name}': {(CloseReason.Length > 0 ? CloseReason : "it named no address to post to")}.");
        }
    }

    /// <inheritdoc/>
    public override async ValueTask NotifyAsync(ReadOnlyMemory<byte> frame, McpMethod method)
    {
        // Best effort; the stream tells when the server is gone.
        using var request = HttpWire.Create(HttpMethod.Post, await _endpoint.Task.ConfigureAwait(false), new MemoryContent(frame), "application/json");
        await _wire.TellAsync(request, Order, method, _stop.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Reply(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable = false)
    {
        var body = new byte[splices.LengthOf(frame)];
        splices.CopyTo(frame, body);
        _replies.TryAdd(body);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        Close(Stopped);
        await _stop.CancelAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Post(
        long id, Exchange exchange, ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope, in CallTarget target) =>
        _ = SendAsync(HttpCall.Rent(id, exchange, frame, splices, envelope));

    /// <inheritdoc/>
    protected override void BreakOff(long id, object? operation) => (operation as HttpCall)?.Abort(id);

    /// <inheritdoc/>
    protected override void Abandon(long id, Exchange exchange, ReadOnlySpan<byte> reason)
    {
        if (exchange.Method != McpMethod.Initialize)
        {
            _ = NotifyAsync(Cancellation.Build(id, reason), McpMethod.Cancelled).AsTask();
        }

        // A server that took it has said so; one that hangs would keep its connection.
        (exchange.Operation as HttpCall)?.Abort(id);
    }

    private async Task SendAsync(HttpCall call)
    {
        try
        {
            var url = await _endpoint.Task.ConfigureAwait(false);
            using var request = HttpWire.Create(HttpMethod.Post, url, new MemoryContent(call.Body.AsMemory(0, call.Length)), "application/json");
            using var response = await _wire.SendAsync(request, call.Aborted).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                Refused(call, _wire.Unanswered(Server.Name, response, FrameKind.Invalid, Order.Clock.Time));
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            if (HttpWire.NeverSent(e))
            {
                Unsent(call.Id, call.Exchange, call.Body.AsSpan(0, call.Length), Lost(HttpWire.Describe(e), retryable: true));
            }
            else
            {
                Fail(call.Id, Lost(HttpWire.Describe(e), retryable: false));
            }
        }
        finally
        {
            call.Return();
        }
    }

    /// <summary>It did not take the call. What it had no time for did not run, and is sent again once it has.</summary>
    private void Refused(HttpCall call, RouterError error)
    {
        Order.Health?.Rest(error.RetryAfter ?? TimeSpan.Zero);
        if (!error.Retryable || !TryTakeBack(call.Id, call.Exchange, call.Body.AsSpan(0, call.Length), error))
        {
            Fail(call.Id, error);
        }
    }

    private async Task ReadAsync(HttpResponseMessage response)
    {
        using var parser = new SseParser(Order.Limits.MaxMessageBytes);
        var reason = "it ended its event stream";
        try
        {
            using (response)
            {
                await HttpWire.ReadEventsAsync(response, parser, TakeEvent, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            reason = HttpWire.Describe(e);
        }
        finally
        {
            Close(reason);
        }
    }

    private bool TakeEvent(SseEvent e)
    {
        if (e.IsType("endpoint"u8))
        {
            return TakeEndpoint(Encoding.UTF8.GetString(e.Data.Span));
        }

        if (!e.Data.IsEmpty)
        {
            Take(e.Data.Span);
        }

        return true;
    }

    private bool TakeEndpoint(string text)
    {
        if (Uri.TryCreate(_wire.Url, text.Trim(), out var url) && url.Scheme == _wire.Url.Scheme && url.Authority == _wire.Url.Authority)
        {
            _endpoint.TrySetResult(url);
            return true;
        }

        Close("it named an address of another origin to post to");
        return false;
    }
}
