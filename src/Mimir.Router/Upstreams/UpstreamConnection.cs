using System.Buffers.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.State.Health;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Upstreams;

/// <summary>
/// An open, negotiated wire to one generation of one server. Mints ids, keeps the open calls, restores the callers' ids, and hands
/// everything else to <see cref="IUpstreamEvents"/>. The kinds of wire derive from it.
/// </summary>
public abstract class UpstreamConnection : IUpstreamCalls, IAsyncDisposable
{
    /// <summary>Why it is closed when we let go of it.</summary>
    protected const string Stopped = "it was stopped";
    private readonly IUpstreamEvents _events;
    private string? _closed;
    private int _retired;

    /// <summary>Creates one.</summary>
    protected UpstreamConnection(ConnectionOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        Order = order;
        Pending = new PendingTable(order.Health);
        _events = order.Events;
    }

    /// <summary>What was asked for.</summary>
    public ConnectionOrder Order { get; }

    /// <summary>True when what the server asks comes on the response stream of the call it is for, if it is for one.</summary>
    public virtual bool SaysForWhichCall => false;

    /// <summary>The server.</summary>
    public ServerModel Server => Order.Server;

    /// <summary>What the handshake settled. Set before the connection is given out.</summary>
    public Handshake Handshake { get; set; } = Handshake.None;

    /// <summary>When it was given out, in milliseconds on the monotonic clock; 0 once that is long ago.</summary>
    public long ReadySince { get; internal set; }

    /// <summary>The log level last set there by us, or null. Kept by whoever sets it.</summary>
    public string? LogLevel { get; set; }

    /// <summary>False once the wire is gone. Calls made then are answered with an error.</summary>
    public bool IsOpen => Volatile.Read(ref _closed) is null;

    /// <summary>True when calls may be made: it is open, and was not retired.</summary>
    public bool IsUsable => IsOpen && Volatile.Read(ref _retired) == 0;

    /// <summary>Why it was closed; empty while open.</summary>
    public string CloseReason => Volatile.Read(ref _closed) ?? "";

    /// <summary>True when it was closed because we let go of it.</summary>
    public bool WasStopped => ReferenceEquals(CloseReason, Stopped);

    /// <summary>How the process behind it ended by itself; null for other ends and other kinds of wire. Set before it is closed.</summary>
    public ProcessEnd? ProcessEnd { get; internal set; }

    /// <summary>Open calls.</summary>
    public PendingTable Pending { get; }

    /// <summary>What came of asking over it whether the server is well.</summary>
    internal ConnectionHealth Wellness { get; } = new();

    /// <summary>Completes when the wire is gone.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends a request. Its end comes through the exchange, whatever happens; never blocks, never throws.</summary>
    public void Call(Exchange exchange, int generation, ReadOnlySpan<byte> frame, in Envelope envelope, in CallTarget target)
    {
        var timeout = envelope.Method == McpMethod.Listen ? PendingTable.Endless : Attempts.TimeLeft(exchange, generation, Server, Order.Clock.Now);
        var id = Pending.Add(exchange, Order.Clock.Now, timeout);
        Order.Pulse?.Quicken();
        if (id == 0)
        {
            exchange.Refuse(generation, CallErrors.Full(Server));
            return;
        }

        scoped CallTerms terms = new() { TaskTag = target.TaskTag, ContentPrefix = target.ContentPrefix };
        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(id, number, out var length);
        scoped SpliceList splices = default;
        splices.Replace(envelope.Id, number[..length]);
        target.AddTo(ref splices);
        if (envelope.ProgressToken.Exists)
        {
            terms.Token = target.KeepsToken ? exchange.CallerToken.Span : envelope.ProgressToken.Of(frame);
            splices.Replace(envelope.ProgressToken, number[..length]);
        }

        if (!exchange.Open(generation, this, id, terms))
        {
            Pending.Remove(id);
            return;
        }

        if (!IsOpen || (!IsUsable && exchange is not LocalExchange))
        {
            Unsent(id, exchange, splices.Apply(frame), IsOpen ? Stopped : CloseReason);
            return;
        }

        try
        {
            Post(id, exchange, frame, splices, envelope, target);
        }
        finally
        {
            if (Pending.Sent(id) && !IsOpen)
            {
                // Who gave up the wire may have left it to us, for it was not sent yet.
                Lose(id, exchange);
            }
        }
    }

    /// <summary>Sends a notification. Best effort.</summary>
    public abstract ValueTask NotifyAsync(ReadOnlyMemory<byte> frame, McpMethod method);

    /// <summary>Sends the answer to a question of the server; one that is droppable may be lost while much waits for the server to read.</summary>
    public abstract void Reply(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable = false);

    /// <inheritdoc/>
    public void Cancel(long upstreamId, ReadOnlySpan<byte> reason)
    {
        if (Pending.GiveUp(upstreamId) is { } exchange)
        {
            Abandon(upstreamId, exchange, reason);
        }
    }

    /// <summary>Fails every open call and gives up the wire. Idempotent.</summary>
    /// <param name="reason">For people and for the errors; no secrets.</param>
    public void Close(string reason)
    {
        if (Interlocked.CompareExchange(ref _closed, reason, null) is not null)
        {
            return;
        }

        if (!WasStopped && !ReferenceEquals(Handshake, Handshake.None))
        {
            // Once, however many calls it takes along.
            Order.Health?.Fail(reason);
        }

        try
        {
            Closing(reason);
            Pending.Snapshot(sentOnly: true).ForEach(open => Lose(open.Id, open.Exchange));
            _events.OnClosed(this);
        }
        finally
        {
            Gone.TrySetResult();
        }
    }

    /// <summary>A call that was sent goes with the wire.</summary>
    private void Lose(long id, Exchange exchange)
    {
        var operation = exchange.Operation;
        if (!Outlives(exchange))
        {
            Fail(id, Lost(CloseReason, retryable: false), CallEnd.Left);
            BreakOff(id, operation);
        }
    }

    /// <summary>Lets the open calls come to their ends, and closes it after that; others get another connection. Idempotent.</summary>
    public void Retire()
    {
        if (Interlocked.Exchange(ref _retired, 1) == 0)
        {
            _ = Retirement.EndWhenIdleAsync(this);
        }
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
            var error = CallErrors.TimedOut(Server, exchange.MayRepeat);
            Order.Health?.Describe(error.Message);

            // Also where it was withdrawn just now: who did that did not find it in the table any more.
            Abandon(id, exchange, "\"timeout\""u8);
            Tell(id, exchange, error);
        }
    }

    /// <summary>Takes back the calls that do no harm if they run twice, so that others can take them: the server does not answer.</summary>
    /// <param name="reason">For people and for the errors; no secrets.</param>
    internal void GiveBack(string reason)
    {
        foreach (var (id, exchange) in Pending.Snapshot(sentOnly: true))
        {
            if (exchange.MayRepeat && Pending.GiveUp(id) is not null)
            {
                Abandon(id, exchange, "\"given to another server\""u8);
                Tell(id, exchange, Lost(reason, retryable: false));
            }
        }
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Called once, when the wire is given up, before the calls that are open are failed.</summary>
    protected virtual void Closing(string reason)
    {
    }

    /// <summary>Tells whether a call may yet end by itself although nothing more is sent; asked when the wire is given up.</summary>
    protected virtual bool Outlives(Exchange exchange) => false;

    /// <summary>Lets go of what a call still holds here. It has ended with the wire, and its exchange may be somebody else's by now.</summary>
    /// <param name="id">The id it had.</param>
    /// <param name="operation">What the exchange kept of how it was sent.</param>
    protected virtual void BreakOff(long id, object? operation)
    {
    }

    /// <summary>Puts a request on the wire. Must not block; failures go to <see cref="Fail(long, RouterError)"/>.</summary>
    protected abstract void Post(
        long id, Exchange exchange, ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope, in CallTarget target);

    /// <summary>Tells the server that a call is not wanted any more. The call is out of the table already.</summary>
    protected abstract void Abandon(long id, Exchange exchange, ReadOnlySpan<byte> reason);

    /// <summary>Gives a request that certainly did not run back to whoever sends it again.</summary>
    /// <returns>False when it ended meanwhile, or nobody sends it again.</returns>
    protected bool TryTakeBack(long id, Exchange exchange, ReadOnlySpan<byte> frame, RouterError why) =>
        Pending.Find(id) is not null && _events.OnUnsent(this, exchange, frame, id, why) && Pending.Remove(id, why.UpstreamStatus >= 500 ? CallEnd.Failed : CallEnd.Left) is not null;

    /// <summary>A request certainly did not run, for this connection is no more: it is sent again, or its caller is told that it may be.</summary>
    protected void Unsent(long id, Exchange exchange, ReadOnlySpan<byte> frame, string reason) =>
        Unsent(id, exchange, frame, Lost(reason, retryable: true) with { IsTakenBack = true });

    /// <summary>The same for any reason.</summary>
    protected void Unsent(long id, Exchange exchange, ReadOnlySpan<byte> frame, RouterError lost)
    {
        if (!TryTakeBack(id, exchange, frame, lost))
        {
            Fail(id, lost);
        }
    }

    /// <summary>Ends one open call with an error.</summary>
    protected void Fail(long id, RouterError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var isServers = error is { Code: ErrorCodes.ServerLost or ErrorCodes.TooLarge } or { Code: ErrorCodes.ServerUnavailable, UpstreamStatus: < 300 or >= 500 };
        if (isServers)
        {
            Order.Health?.Describe(error.Message);
        }

        Fail(id, error, isServers ? CallEnd.Failed : CallEnd.Left);
    }

    private void Fail(long id, RouterError error, CallEnd end)
    {
        // What a lost stream ends may go on at the server.
        if ((error is { Code: ErrorCodes.ServerLost, Retryable: false } ? Pending.GiveUp(id, end) : Pending.Remove(id, end)) is { } exchange)
        {
            Tell(id, exchange, error);
        }
    }

    /// <summary>Tells one caller of an error. A fault in telling it must not keep the others from being told.</summary>
    private void Tell(long id, Exchange exchange, RouterError error)
    {
        try
        {
            exchange.Fail(id, error);
        }
        catch (Exception)
        {
            CountStray();
        }
    }

    /// <summary>The error for calls that a lost wire takes along.</summary>
    protected RouterError Lost(string reason, bool retryable) => CallErrors.Lost(Server, reason, retryable, isNew: ReferenceEquals(Handshake, Handshake.None));

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
        if (EnvelopeScanner.Scan(frame, Order.Limits.MaxDepth, out var envelope) is not ScanStatus.Ok and var status)
        {
            return TakeBatch(frame, status, related, relatedId);
        }

        switch (envelope.Kind)
        {
            case FrameKind.Response or FrameKind.Error:
                TakeAnswer(frame, envelope, relatedId);
                break;
            case FrameKind.Request when envelope.Method == McpMethod.Ping:
                Routine.Pong(this, envelope.Id.Of(frame));
                break;
            case FrameKind.Request:
                _events.OnRequest(this, frame, envelope, OpenCall.Find(related, relatedId));
                break;
            case FrameKind.Notification when envelope.Method == McpMethod.Progress:
                Routine.Relay(this, frame, envelope);
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
            if (RefusedAnswer.IdOf(frame, status, relatedId) is > 0 and var id)
            {
                Fail(id, CallErrors.Unreadable(Server, RefusedAnswer.Describe(status, Order.Limits)));
            }

            return FrameKind.Invalid;
        }

        // No batch lies in a batch: the first byte of a part decides, so this goes one level deep.
        var kind = FrameKind.Invalid;
        foreach (var part in parts.Where(static p => p[0] == (byte)'{'))
        {
            kind = Take(part, related, relatedId);
        }

        return kind;
    }

    private void TakeAnswer(ReadOnlySpan<byte> frame, in Envelope envelope, long relatedId)
    {
        var id = AnswerIds.Of(frame, envelope, relatedId);
        if (Pending.Remove(id, CallEnd.Answered) is not { } exchange)
        {
            Pending.Settle(id);
            Order.Counts.AddStray();
            return;
        }

        if (envelope.IdIsNull)
        {
            exchange.Fail(id, CallErrors.Refused(Server, envelope.ErrorCode, exchange.UpstreamStatus));
            return;
        }

        if ((envelope.TaskIsNested || TaskIds.IsMade(frame, envelope)) && OpenCall.Find(exchange, id) is { } call)
        {
            _events.OnTask(this, envelope.TaskId.Of(frame), call);
        }

        SpliceList splices = default;
        splices.Replace(envelope.Id, exchange.CallerId.Span);
        TaskIds.Wrap(ref splices, frame, envelope, exchange.Method, exchange.TaskTag);
        if (exchange.ContentPrefix is { } prefix && envelope.Kind == FrameKind.Response)
        {
            exchange.Finish(id, ResourceContents.Qualify(splices.Apply(frame), prefix, Order.Limits.MaxDepth), default);
            return;
        }

        if (!exchange.Finish(id, frame, splices, envelope))
        {
            Order.Counts.AddStray();
        }
    }
}
