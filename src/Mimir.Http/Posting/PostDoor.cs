using Microsoft.AspNetCore.Http;
using Mimir.Http.Sessions;
using Mimir.Http.Streams;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.Engine.Handlers;
using Mimir.Router.State;

namespace Mimir.Http.Posting;

/// <summary>
/// Takes what is POSTed to <c>/mcp</c> and decides its era per request: by its body first, by its headers second.
/// </summary>
/// <remarks>
/// 1. An array is a batch of 2025-03-26. 2. <c>initialize</c> opens a legacy session. 3. A body whose <c>_meta</c> names a revision is
/// modern. 4. A header alone that names a modern revision is an error. 5. Anything else needs a legacy session.
/// </remarks>
internal sealed class PostDoor(RouterEngine engine, SessionTable sessions, KeepAlive keepAlive)
{
    private readonly LegacyDoor _legacy = new(engine, sessions, keepAlive);

    public Task TakeAsync(HttpContext context, View view, ConnectionState connection)
    {
        if (!IsJson(context.Request.ContentType))
        {
            return Replies.ErrorAsync(context, new RouterError(ErrorCodes.InvalidRequest, "Content-Type must be application/json."), default, 415);
        }

        if (!AcceptsAnswers(context.Request))
        {
            return Replies.ErrorAsync(
                context, new RouterError(ErrorCodes.InvalidRequest, "Accept must allow application/json and text/event-stream."), default, 406);
        }

        // A small body has come with its headers: then no state machine is needed to wait for it.
        var reading = Body.ReadAsync(context.Request, CancellationToken.None);
        return reading.IsCompletedSuccessfully
            ? TakeAndRelease(context, view, connection, reading.Result)
            : WaitAndTakeAsync(context, view, connection, reading);
    }

    private async Task WaitAndTakeAsync(HttpContext context, View view, ConnectionState connection, ValueTask<Body> reading)
    {
        Body body;
        try
        {
            body = await reading.ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            var tooLarge = e.StatusCode == StatusCodes.Status413PayloadTooLarge;
            var text = tooLarge ? $"More than {engine.Model.Limits.MaxMessageBytes} bytes (limits.maxMessageBytes)." : "The request body is broken.";
            await Replies.ErrorAsync(context, new RouterError(tooLarge ? ErrorCodes.TooLarge : ErrorCodes.InvalidRequest, text), default, e.StatusCode).ConfigureAwait(false);
            return;
        }

        await TakeAndRelease(context, view, connection, body).ConfigureAwait(false);
    }

    /// <summary>The body goes back before the answer is waited for.</summary>
    private Task TakeAndRelease(HttpContext context, View view, ConnectionState connection, Body body)
    {
        try
        {
            return Take(context, view, connection, body.Bytes.Span);
        }
        finally
        {
            body.Release();
        }
    }

    private Task Take(HttpContext context, View view, ConnectionState connection, ReadOnlySpan<byte> frame)
    {
        var headers = context.Request.Headers;
        var headerRevision = headers.TryGetValue(McpHeaders.ProtocolVersion, out var named) ? Revision.Find(named.ToString().Trim()) : null;
        if (frame.TrimStart(" \t\r\n"u8).StartsWith("["u8))
        {
            return _legacy.TakeBatch(context, view, frame);
        }

        var status = EnvelopeScanner.Scan(frame, engine.Model.Limits.MaxDepth, out var envelope);
        var id = envelope.Id.Exists ? envelope.Id.Of(frame) : default;
        if (status != ScanStatus.Ok)
        {
            return Replies.ErrorAsync(context, Faults.Of(status), id);
        }

        var modern = envelope.Kind == FrameKind.Request && envelope.ClaimsModern;
        if (modern && !(envelope.Method == McpMethod.Initialize && headerRevision is not { Era: Era.Modern }))
        {
            return TakeModern(context, view, connection, frame, envelope);
        }

        if (headerRevision is { Era: Era.Modern })
        {
            return RefuseHalfModern(context, envelope, id);
        }

        return envelope.Kind == FrameKind.Request
            ? TakeLegacy(context, view, connection, frame, envelope)
            : _legacy.TakeOneWay(context, view, frame, envelope);
    }

    /// <summary>The header names a modern revision and the body does not.</summary>
    private static Task RefuseHalfModern(HttpContext context, in Envelope envelope, ReadOnlySpan<byte> id) => envelope.Kind switch
    {
        FrameKind.Notification => Replies.StatusAsync(context, StatusCodes.Status202Accepted),
        FrameKind.Request when envelope.Method == McpMethod.Initialize => Replies.ErrorAsync(
            context, new RouterError(ErrorCodes.HeaderMismatch, "initialize does not belong to the revision in MCP-Protocol-Version."), id, 400),
        FrameKind.Request => Replies.ErrorAsync(
            context, new RouterError(ErrorCodes.InvalidParams, "params._meta[\"io.modelcontextprotocol/protocolVersion\"] is missing."), id, 400),
        _ => Replies.ErrorAsync(context, new RouterError(ErrorCodes.InvalidRequest, "Responses are not POSTed in this revision."), default, 400),
    };

    private Task TakeModern(HttpContext context, View view, ConnectionState connection, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (ModernDoor.Check(context.Request.Headers, frame, envelope) is { } fault)
        {
            return Replies.ErrorAsync(context, fault, envelope.Id.Of(frame));
        }

        var catalog = engine.ModernCatalog(view, envelope.MetaCapabilities.Of(frame));
        if (ModernDoor.CheckParameters(context.Request.Headers, frame, envelope, catalog) is { } mismatch)
        {
            return Replies.ErrorAsync(context, mismatch, envelope.Id.Of(frame));
        }

        var exchange = connection.Exchange;
        Request request = default;
        request.Exchange = exchange;
        request.Generation = exchange.Start();
        request.Catalog = catalog;
        request.Frame = frame;
        request.Envelope = envelope;
        exchange.MostQueued = engine.Model.Limits.MaxQueuedBytes;
        exchange.CallerId.Set(envelope.Id.Of(frame));
        exchange.LogLevel = envelope.MetaLogLevel.Exists ? System.Text.Encoding.UTF8.GetString(envelope.MetaLogLevel.Of(frame)) : null;
        connection.Watch(exchange, request.Generation);
        engine.Dispatch(ref request);
        return ResponseLoop.RunAsync(context, connection);
    }

    private Task TakeLegacy(HttpContext context, View view, ConnectionState connection, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var session = _legacy.SessionFor(context, view, envelope, out var refusal);
        if (session is null)
        {
            return Replies.ErrorAsync(context, refusal!, envelope.Id.Of(frame));
        }

        var exchange = connection.Exchange;
        Request request = default;
        request.Exchange = exchange;
        request.Generation = exchange.Start();
        exchange.CallerId.Set(envelope.Id.Of(frame));
        if (session.Track(exchange, ownStream: true) is { } full)
        {
            engine.TurnedAway(session, view, exchange.Transport, frame, envelope, full);
            return Replies.ErrorAsync(context, full, envelope.Id.Of(frame));
        }

        exchange.HttpSession = session;
        request.Session = session;
        request.Catalog = session.Catalog!;
        request.Frame = frame;
        request.Envelope = envelope;
        if (!session.IsInitialized && envelope.Method is not (McpMethod.Initialize or McpMethod.Ping))
        {
            request.Refuse(Faults.NotInitialized(envelope.Method));
        }
        else
        {
            engine.Dispatch(ref request);
            if (envelope.Method == McpMethod.Initialize && !session.IsInitialized)
            {
                _legacy.TakeBack(context, session);
            }
        }

        return ResponseLoop.RunAsync(context, connection);
    }

    private static bool IsJson(string? contentType)
    {
        const string Json = "application/json";
        return contentType is not null && contentType.StartsWith(Json, StringComparison.OrdinalIgnoreCase)
            && (contentType.Length == Json.Length || contentType[Json.Length] is ';' or ' ');
    }

    private static bool AcceptsAnswers(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0)
        {
            return true;
        }

        var text = accept.ToString();
        return text.Contains("application/json", StringComparison.OrdinalIgnoreCase) || text.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase)
            || text.Contains("*/*", StringComparison.Ordinal) || text.Contains("application/*", StringComparison.OrdinalIgnoreCase);
    }
}
