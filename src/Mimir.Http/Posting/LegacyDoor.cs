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

/// <summary>The legacy side of <c>/mcp</c>: finds or opens the session, takes notifications, answers and batches.</summary>
internal sealed class LegacyDoor(RouterEngine engine, SessionTable sessions, KeepAlive keepAlive)
{
    private static readonly RouterError NoSession = new(ErrorCodes.InvalidRequest, "Mcp-Session-Id is missing. Send initialize first.") { HttpStatus = 400 };
    private static readonly RouterError UnknownSession = new(ErrorCodes.InvalidRequest, "This session is unknown or has ended. Send initialize again.") { HttpStatus = 404 };

    /// <summary>The session a request belongs to; a new one for <c>initialize</c>.</summary>
    public HttpSession? SessionFor(HttpContext context, View view, in Envelope envelope, out RouterError? refusal)
    {
        refusal = null;
        if (envelope.Method == McpMethod.Initialize)
        {
            if (sessions.Open(view) is { } opened)
            {
                context.Response.Headers[McpHeaders.SessionId] = opened.Id;
                return opened;
            }

            refusal = new RouterError(
                ErrorCodes.Busy, $"There are {engine.Model.Limits.MaxSessions} sessions open (limits.maxSessions).", Retryable: true)
            { HttpStatus = 503 };
            return null;
        }

        return Find(context, view, out refusal);
    }

    /// <summary>Ends a session whose <c>initialize</c> was refused; the client never learns its id.</summary>
    public void TakeBack(HttpContext context, HttpSession session)
    {
        context.Response.Headers.Remove(McpHeaders.SessionId);
        sessions.End(session);
    }

    /// <summary>Finds the session the headers name, and checks the revision they name.</summary>
    public HttpSession? Find(HttpContext context, View view, out RouterError? refusal)
    {
        var headers = context.Request.Headers;
        refusal = null;
        if (headers.TryGetValue(McpHeaders.ProtocolVersion, out var named) && Revision.Find(named.ToString().Trim()) is null)
        {
            refusal = ModernRules.UnsupportedVersion(named.ToString());
            return null;
        }

        if (!headers.TryGetValue(McpHeaders.SessionId, out var id) || id.Count != 1)
        {
            refusal = NoSession;
            return null;
        }

        var session = sessions.Find(id.ToString(), view);
        if (session is null)
        {
            refusal = UnknownSession;
        }

        return session;
    }

    /// <summary>Takes a notification or an answer.</summary>
    public Task TakeOneWay(HttpContext context, View view, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (Find(context, view, out var refusal) is not { } session)
        {
            return Replies.ErrorAsync(context, refusal!, default);
        }

        Deliver(session, frame, envelope);
        return Replies.StatusAsync(context, StatusCodes.Status202Accepted);
    }

    /// <summary>Takes a batch.</summary>
    public Task TakeBatch(HttpContext context, View view, ReadOnlySpan<byte> frame)
    {
        var limits = engine.Model.Limits;
        var split = BatchSplitter.Split(frame, limits.MaxDepth, limits.MaxBatch, out var parts);
        if (split != BatchStatus.Ok)
        {
            return Replies.ErrorAsync(context, Faults.Of(split, limits.MaxBatch), default);
        }

        if (Find(context, view, out var refusal) is not { } session)
        {
            return Replies.ErrorAsync(context, refusal!, default, refusal == NoSession ? 400 : null);
        }

        if (!session.Revision.HasBatches)
        {
            return Replies.ErrorAsync(context, new RouterError(ErrorCodes.InvalidRequest, $"Revision {session.Revision} has no batches.") { HttpStatus = 400 }, default);
        }

        var scanned = new List<(byte[] Frame, Envelope Envelope, ScanStatus Status)>();
        foreach (var part in parts)
        {
            var status = EnvelopeScanner.Scan(part, engine.Model.Limits.MaxDepth, out var envelope);
            if (status == ScanStatus.Ok && (envelope.ClaimsModern || envelope.Method == McpMethod.Initialize))
            {
                return Replies.ErrorAsync(context, new RouterError(ErrorCodes.InvalidRequest, "This message must not be in a batch.") { HttpStatus = 400 }, default);
            }

            scanned.Add((part, envelope, status));
        }

        return RunBatchAsync(context, session, scanned);
    }

    private static void Deliver(HttpSession session, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (envelope.Kind == FrameKind.Notification)
        {
            ClientNews.Take(session, frame, envelope);
        }
        else
        {
            session.TakeAnswer(frame, envelope);
        }
    }

    private async Task RunBatchAsync(HttpContext context, HttpSession session, List<(byte[] Frame, Envelope Envelope, ScanStatus Status)> parts)
    {
        var replies = parts.Count(p => p.Status != ScanStatus.Ok || p.Envelope.Kind == FrameKind.Request);
        var batch = new BatchReply(session, replies);
        foreach (var (frame, envelope, status) in parts)
        {
            if (status == ScanStatus.Ok && envelope.Kind != FrameKind.Request)
            {
                Deliver(session, frame, envelope);
                continue;
            }

            Run(batch, session, frame, envelope, status);
        }

        if (replies == 0)
        {
            await Replies.StatusAsync(context, StatusCodes.Status202Accepted).ConfigureAwait(false);
            return;
        }

        await batch.Decided.ConfigureAwait(false);
        if (batch.Log is not { } log)
        {
            await Replies.JsonAsync(context, StatusCodes.Status200OK, batch.ToArray()).ConfigureAwait(false);
            return;
        }

        EventResponse.Begin(context);
        await EventResponse.RunAsync(context, log, 0, keepAlive).ConfigureAwait(false);
    }

    private void Run(BatchReply batch, HttpSession session, byte[] frame, in Envelope envelope, ScanStatus status)
    {
        var exchange = batch.NewExchange();
        Request request = default;
        request.Exchange = exchange;
        request.Generation = exchange.Begin();
        request.Session = session;
        request.Catalog = session.Catalog!;
        request.Frame = frame;
        request.Envelope = envelope;
        exchange.CallerId.Set(envelope.Id.Exists ? envelope.Id.Of(frame) : "null"u8);
        if (status != ScanStatus.Ok)
        {
            request.Refuse(Faults.Of(status));
        }
        else if (session.Track(exchange) is { } refusal)
        {
            engine.TurnedAway(session, session.View, exchange.Transport, frame, envelope, refusal);
            request.Refuse(refusal);
        }
        else
        {
            engine.Dispatch(ref request);
        }
    }
}
