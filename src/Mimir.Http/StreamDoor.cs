using System.Text;
using Microsoft.AspNetCore.Http;
using Mimir.Http.Posting;
using Mimir.Http.Sessions;
using Mimir.Http.Streams;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.Engine.Handlers;
using Mimir.Router.State;

namespace Mimir.Http;

/// <summary>The legacy streams: GET and DELETE on <c>/mcp</c>, and the whole of HTTP+SSE.</summary>
internal sealed class StreamDoor(RouterEngine engine, SessionTable sessions, KeepAlive keepAlive)
{
    private readonly LegacyDoor _legacy = new(engine, sessions, keepAlive);

    /// <summary>Opens the session's stream for what belongs to no request, or resumes one from an event.</summary>
    public Task GetAsync(HttpContext context, View view)
    {
        if (_legacy.Find(context, view, out var refusal) is not { } session)
        {
            return Replies.ErrorAsync(context, refusal!, default);
        }

        var accept = context.Request.Headers.Accept.ToString();
        if (!accept.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) && !accept.Contains("*/*", StringComparison.Ordinal))
        {
            return Replies.ErrorAsync(context, new RouterError(ErrorCodes.InvalidRequest, "Accept must allow text/event-stream."), default, 406);
        }

        session.Listened();
        var log = session.Unasked;
        var after = -1L;
        if (context.Request.Headers.TryGetValue(McpHeaders.LastEventId, out var last))
        {
            if (session.FindLog(last.ToString(), out after) is not { } found)
            {
                return Replies.ErrorAsync(context, new RouterError(ErrorCodes.InvalidRequest, "Last-Event-ID is unknown or too old."), default, 400);
            }

            log = found;
        }

        EventResponse.Begin(context);
        return ListenAsync(context, session, log, after);
    }

    private async Task ListenAsync(HttpContext context, HttpSession session, EventLog log, long after)
    {
        try
        {
            await EventResponse.RunAsync(context, log, after, keepAlive).ConfigureAwait(false);
        }
        finally
        {
            session.LastSeen = engine.Clock.Now;
        }
    }

    /// <summary>Ends a session.</summary>
    public Task DeleteAsync(HttpContext context, View view)
    {
        if (_legacy.Find(context, view, out var refusal) is not { } session)
        {
            return Replies.ErrorAsync(context, refusal!, default);
        }

        sessions.End(session);
        return Replies.StatusAsync(context, StatusCodes.Status200OK);
    }

    /// <summary>Opens a conversation over HTTP+SSE; it lasts as long as the stream.</summary>
    public async Task OpenEventsAsync(HttpContext context, View view)
    {
        if (sessions.OpenEvents(view) is not { } session)
        {
            await Replies.StatusAsync(context, StatusCodes.Status503ServiceUnavailable).ConfigureAwait(false);
            return;
        }

        try
        {
            session.Stream.Append(Encoding.ASCII.GetBytes($"/message?sessionId={session.Id}"), default, droppable: false, "endpoint"u8);
            EventResponse.Begin(context);
            await EventResponse.RunAsync(context, session.Stream, -1, keepAlive).ConfigureAwait(false);
        }
        finally
        {
            sessions.End(session);
        }
    }

    /// <summary>Takes a message of such a conversation.</summary>
    public async Task MessageAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            await Replies.StatusAsync(context, StatusCodes.Status415UnsupportedMediaType).ConfigureAwait(false);
            return;
        }

        if (sessions.FindEvents(context.Request.Query["sessionId"].ToString()) is not { } session)
        {
            await Replies.ErrorAsync(context, new RouterError(ErrorCodes.InvalidRequest, "Unknown sessionId. Open /sse first."), default, 404).ConfigureAwait(false);
            return;
        }

        Body body;
        try
        {
            body = await Body.ReadAsync(context.Request, CancellationToken.None).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await Replies.StatusAsync(context, e.StatusCode).ConfigureAwait(false);
            return;
        }

        RouterError? fault;
        try
        {
            fault = Take(session, body.Bytes.Span);
        }
        finally
        {
            body.Release();
        }

        await (fault is null ? Replies.StatusAsync(context, StatusCodes.Status202Accepted) : Replies.ErrorAsync(context, fault, default)).ConfigureAwait(false);
    }

    private RouterError? Take(EventSession session, ReadOnlySpan<byte> frame)
    {
        var status = EnvelopeScanner.Scan(frame, engine.Model.Limits.MaxDepth, out var envelope);
        if (status != ScanStatus.Ok)
        {
            return Faults.Of(status);
        }

        session.LastSeen = engine.Clock.Now;
        switch (envelope.Kind)
        {
            case FrameKind.Request when session.Stream.IsFull:
                return new RouterError(
                    ErrorCodes.Busy,
                    $"{engine.Model.Limits.MaxQueuedBytes} bytes wait on this client's event stream (limits.maxQueuedBytes). Read it, then try again.",
                    Retryable: true)
                { HttpStatus = StatusCodes.Status429TooManyRequests };
            case FrameKind.Request:
                TakeRequest(session, frame, envelope);
                break;
            case FrameKind.Notification:
                ClientNews.Take(session, frame, envelope);
                break;
            default:
                session.TakeAnswer(frame, envelope);
                break;
        }

        return null;
    }

    private void TakeRequest(EventSession session, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var exchange = new StreamExchange(session);
        Request request = default;
        request.Exchange = exchange;
        request.Generation = exchange.Begin();
        request.Session = session;
        request.Catalog = session.Catalog!;
        request.Frame = frame;
        request.Envelope = envelope;
        exchange.CallerId.Set(envelope.Id.Of(frame));
        if (session.Track(exchange) is { } refusal)
        {
            engine.TurnedAway(session, session.View, exchange.Transport, frame, envelope, refusal);
            request.Refuse(refusal);
        }
        else if (!session.IsInitialized && envelope.Method is not (McpMethod.Initialize or McpMethod.Ping))
        {
            request.Refuse(Faults.NotInitialized(envelope.Method));
        }
        else
        {
            engine.Dispatch(ref request);
        }
    }
}
