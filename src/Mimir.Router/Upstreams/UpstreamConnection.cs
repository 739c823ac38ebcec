using System.Buffers.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Upstreams;

/// <summary>
/// An open, negotiated wire to one generation of one server. Mints ids, keeps the open calls, restores the callers' ids, and hands
/// everything else to <see cref="IUpstreamEvents"/>. The kinds of wire derive from it.
/// </summary>
public abstract class UpstreamConnection : IUpstreamCalls, IAsyncDisposable
{
    private readonly IUpstreamEvents _events;
    private int _closed;

    /// <summary>Creates one.</summary>
    protected UpstreamConnection(ConnectionOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        Order = order;
        _events = order.Events;
    }

    /// <summary>What was asked for.</summary>
    public ConnectionOrder Order { get; }

    /// <summary>The server.</summary>
    public ServerModel Server => Order.Server;

    /// <summary>What the handshake settled. Set before the connection is given out.</summary>
    public Handshake Handshake { get; set; } = Handshake.None;

    /// <summary>False once the wire is gone. Calls made then are answered with an error.</summary>
    public bool IsOpen => Volatile.Read(ref _closed) == 0;

    /// <summary>Why it was closed; empty while open.</summary>
    public string CloseReason { get; private set; } = "";

    /// <summary>Messages that belonged to nobody (any more) and were dropped.</summary>
    public long Strays => Order.Counts.Strays;

    /// <summary>What came and was no message.</summary>
    public long Garbage => Order.Counts.Garbage;

    /// <summary>Open calls.</summary>
    public PendingTable Pending { get; } = new();

    /// <summary>Completes when the wire is gone.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends a request. Its end comes through the exchange, whatever happens; never blocks, never throws.</summary>
    public void Call(Exchange exchange, int generation, ReadOnlySpan<byte> frame, in Envelope envelope, in CallTarget target)
    {
        var timeout = envelope.Method == McpMethod.Listen ? PendingTable.Endless : (long)Server.CallTimeout.TotalMilliseconds;
        var id = Pending.Add(exchange, Order.Clock.Now, timeout);
        if (id == 0)
        {
            exchange.Refuse(generation, new RouterError(ErrorCodes.Busy, $"Server '{Server.Name}' has 65536 calls open. Try again later.", Server.Name, Retryable: true));
            return;
        }

        scoped CallTerms terms = default;
        terms.TaskTag = target.TaskTag;
        terms.ContentPrefix = target.ContentPrefix;

        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(id, number, out var length);
        scoped SpliceList splices = default;
        splices.Replace(envelope.Id, number[..length]);
        if (target.Range.Exists)
        {
            splices.Replace(target.Range, target.With);
        }

        if (envelope.ProgressToken.Exists)
        {
            terms.Token = envelope.ProgressToken.Of(frame);
            splices.Replace(envelope.ProgressToken, number[..length]);
        }

        if (!exchange.Open(generation, this, id, terms))
        {
            Pending.Remove(id);
            return;
        }

        if (!IsOpen)
        {
            // The wire may have gone, and its table been emptied, before the exchange was bound to this id.
            Pending.Remove(id);
            exchange.Fail(id, Lost(CloseReason, retryable: true));
            return;
        }

        Post(id, exchange, frame, splices, envelope, target);
    }

    /// <summary>Sends a notification. Best effort.</summary>
    public abstract ValueTask NotifyAsync(ReadOnlyMemory<byte> frame, McpMethod method);

    /// <summary>Sends the answer to a question of the server.</summary>
    public abstract void Reply(ReadOnlySpan<byte> frame, in SpliceList splices);

    /// <inheritdoc/>
    public void Cancel(long upstreamId, ReadOnlySpan<byte> reason)
    {
        if (Pending.Remove(upstreamId) is { } exchange)
        {
            Abandon(upstreamId, exchange, reason);
        }
    }

    /// <summary>Fails every open call and gives up the wire. Idempotent.</summary>
    /// <param name="reason">For people and for the errors; no secrets.</param>
    public void Close(string reason)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        CloseReason = reason;
        foreach (var (id, _) in Pending.Snapshot())
        {
            Fail(id, Lost(reason, retryable: false));
        }

        Gone.TrySetResult();
        _events.OnClosed(this);
    }

    /// <summary>Fails calls whose time is over.</summary>
    public void Sweep(long now)
    {
        if (Pending.TakeExpired(now) is not { } expired)
        {
            return;
        }

        foreach (var (id, exchange) in expired)
        {
            var seconds = Server.CallTimeout.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
            var error = new RouterError(
                ErrorCodes.CallTimedOut, $"Server '{Server.Name}' did not answer within {seconds} s (callTimeout). The call was cancelled.", Server.Name);
            if (exchange.Fail(id, error))
            {
                Abandon(id, exchange, "\"timeout\""u8);
            }
        }
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Puts a request on the wire. Must not block; failures go to <see cref="Fail"/>.</summary>
    protected abstract void Post(
        long id, Exchange exchange, ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope, in CallTarget target);

    /// <summary>Tells the server that a call is not wanted any more. The call is out of the table already.</summary>
    protected abstract void Abandon(long id, Exchange exchange, ReadOnlySpan<byte> reason);

    /// <summary>Ends one open call with an error.</summary>
    protected void Fail(long id, RouterError error)
    {
        if (Pending.Remove(id) is { } exchange)
        {
            exchange.Fail(id, error);
        }
    }

    /// <summary>The error for calls that a lost wire takes along.</summary>
    protected RouterError Lost(string reason, bool retryable) => new(
        ErrorCodes.ServerLost, $"Server '{Server.Name}' was lost before it answered: {reason}.", Server.Name, retryable);

    /// <summary>Counts a message that belonged to nobody.</summary>
    internal void CountStray() => Order.Counts.AddStray();

    /// <summary>Counts something that was no message.</summary>
    protected void CountGarbage() => Order.Counts.AddGarbage();

    /// <summary>Takes one message off the wire.</summary>
    /// <param name="frame">Borrowed bytes.</param>
    /// <param name="related">The request on whose response stream it came, or null.</param>
    /// <param name="relatedId">Its id.</param>
    /// <returns>What the message was; <see cref="FrameKind.Invalid"/> for garbage.</returns>
    protected FrameKind Take(ReadOnlySpan<byte> frame, Exchange? related = null, long relatedId = 0)
    {
        var status = EnvelopeScanner.Scan(frame, Order.Limits.MaxDepth, out var envelope);
        if (status != ScanStatus.Ok)
        {
            return TakeBatch(frame, status, related, relatedId);
        }

        switch (envelope.Kind)
        {
            case FrameKind.Response or FrameKind.Error:
                TakeAnswer(frame, envelope, relatedId);
                break;
            case FrameKind.Request when envelope.Method == McpMethod.Ping:
                Pong(envelope.Id.Of(frame));
                break;
            case FrameKind.Request:
                _events.OnRequest(this, frame, envelope, OpenCall.Find(related, relatedId));
                break;
            case FrameKind.Notification when envelope.Method == McpMethod.Progress:
                TakeProgress(frame, envelope);
                break;
            default:
                _events.OnNotification(this, frame, envelope, OpenCall.Find(related, relatedId));
                break;
        }

        return envelope.Kind;
    }

    /// <summary>Takes a batch of 2025-03-26 apart; anything else is garbage.</summary>
    private FrameKind TakeBatch(ReadOnlySpan<byte> frame, ScanStatus status, Exchange? related, long relatedId)
    {
        if (!Handshake.Revision.HasBatches
            || BatchSplitter.Split(frame, Order.Limits.MaxDepth, Order.Limits.MaxBatch, out var parts) != BatchStatus.Ok)
        {
            CountGarbage();
            FailRefused(frame, status, relatedId);
            return FrameKind.Invalid;
        }

        var kind = FrameKind.Invalid;
        foreach (var part in parts)
        {
            // No batch lies in a batch: the first byte of a part decides, so this goes one level deep.
            if (part[0] == (byte)'{')
            {
                kind = Take(part, related, relatedId);
            }
        }

        return kind;
    }

    /// <summary>Tells the caller of an answer that is refused why it gets none.</summary>
    private void FailRefused(ReadOnlySpan<byte> frame, ScanStatus status, long relatedId)
    {
        if (status == ScanStatus.NotJson || RefusedAnswer.IdOf(frame) is not (> 0 and var id) || (relatedId != 0 && id != relatedId))
        {
            return;
        }

        var what = status switch
        {
            ScanStatus.TooDeep => $"nested deeper than {Order.Limits.MaxDepth} levels (limits.maxDepth)",
            ScanStatus.DuplicateKey => "in which a key that decides something stands twice",
            _ => "that is no JSON-RPC 2.0 message",
        };
        Fail(id, new RouterError(ErrorCodes.ServerUnavailable, $"Server '{Server.Name}' sent an answer {what}.", Server.Name));
    }

    private void TakeAnswer(ReadOnlySpan<byte> frame, in Envelope envelope, long relatedId)
    {
        // On a response stream of its own an answer can only be meant for the request that opened it, also when the server
        // could not read the id and left it null.
        long id;
        if (envelope.IdIsNull)
        {
            id = relatedId;
        }
        else if (!envelope.IdIsNumber || !Utf8Parser.TryParse(envelope.Id.Of(frame), out id, out var used) || used != envelope.Id.Length
            || (relatedId != 0 && id != relatedId))
        {
            id = 0;
        }

        if (Pending.Remove(id) is not { } exchange)
        {
            Order.Counts.AddStray();
            return;
        }

        var splices = default(SpliceList);
        if (envelope.IdIsNull)
        {
            exchange.Fail(id, new RouterError(
                ErrorCodes.ServerUnavailable, $"Server '{Server.Name}' refused the request (code {envelope.ErrorCode}) without saying which.", Server.Name)
            {
                UpstreamStatus = exchange.UpstreamStatus,
            });
            return;
        }

        if (envelope.TaskIsNested && OpenCall.Find(exchange, id) is { } call)
        {
            _events.OnTask(this, envelope.TaskId.Of(frame), call);
        }

        splices.Replace(envelope.Id, exchange.CallerId.Span);
        TaskIds.Wrap(ref splices, frame, envelope, exchange.Method, exchange.TaskTag);
        if (exchange.ContentPrefix is { } prefix && envelope.Kind == FrameKind.Response)
        {
            exchange.Finish(id, ResourceContents.Qualify(splices.Apply(frame), prefix, Order.Limits.MaxDepth), default);
            return;
        }

        if (!exchange.Finish(id, frame, splices, envelope.Kind == FrameKind.Error ? envelope.ErrorCode : 0))
        {
            Order.Counts.AddStray();
        }
    }

    private void TakeProgress(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!envelope.NotifiedToken.Exists || !Utf8Parser.TryParse(envelope.NotifiedToken.Of(frame), out long id, out _)
            || Pending.FindAndExtend(id, Order.Clock.Now) is not { CallerToken.IsEmpty: false } exchange)
        {
            Order.Counts.AddStray();
            return;
        }

        var splices = default(SpliceList);
        splices.Replace(envelope.NotifiedToken, exchange.CallerToken.Span);
        TaskIds.Wrap(ref splices, frame, envelope, exchange.Method, exchange.TaskTag);
        exchange.Relate(id, frame, splices);
    }

    private void Pong(ReadOnlySpan<byte> id)
    {
        var splices = default(SpliceList);
        splices.Replace(new ByteRange(22, 0), id);
        Reply("{\"jsonrpc\":\"2.0\",\"id\":,\"result\":{}}"u8, splices);
    }
}
