using System.Buffers.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lines;

namespace Mimir.Router.Upstreams.Stdio;

/// <summary>A connection over a line: a child's stdin and stdout, or a server in this process.</summary>
public sealed class LineConnection : UpstreamConnection
{
    private readonly IByteLine _line;
    private readonly LineWriter _writer;
    private readonly Lazy<Task> _disposal;
    private readonly TaskCompletionSource<string> _lineEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _watched;

    /// <summary>Creates one and starts reading.</summary>
    /// <param name="order">What was asked for.</param>
    /// <param name="line">The wire.</param>
    /// <param name="dispose">Ends the child and frees the line.</param>
    /// <param name="watched">True when somebody else, who may know better why, closes it once <see cref="LineEnded"/> completes.</param>
    public LineConnection(ConnectionOrder order, IByteLine line, Func<ValueTask> dispose, bool watched = false)
        : base(order)
    {
        ArgumentNullException.ThrowIfNull(order);
        _line = line;
        _watched = watched;
        _disposal = new Lazy<Task>(() => EndAsync(dispose));

        // Requests are never dropped: what waits for a server that does not read is bounded at four of the largest messages. Answers to
        // pings are: it can send as many as it likes.
        var most = (int)Math.Min(4L * order.Limits.MaxMessageBytes, int.MaxValue);
        _writer = new LineWriter(line, Math.Min(most, order.Limits.MaxQueuedBytes), most);
        _writer.Broken += () => End("it closed its input");
        new LineReader(line, order.Limits.MaxMessageBytes, OnLine, OnEnd).Start("mimir-read-" + order.Server.Name);
    }

    /// <summary>Completes with what was seen when the other side ended the line.</summary>
    public Task<string> LineEnded => _lineEnded.Task;

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlyMemory<byte> frame, McpMethod method)
    {
        _writer.Append(frame.Span, default);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Reply(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable = false) => _writer.Append(frame, splices, droppable);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Close(Stopped);
        return new ValueTask(_disposal.Value);
    }

    /// <inheritdoc/>
    protected override void Post(
        long id, Exchange exchange, ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope, in CallTarget target)
    {
        if (_writer.Append(frame, splices))
        {
            return;
        }

        // Who else notices that the line has broken may take a moment to learn why, and close it then.
        if (IsOpen && !_writer.IsClosed)
        {
            Fail(id, new RouterError(ErrorCodes.Busy, $"Server '{Server.Name}' does not read its input. Try again later.", Server.Name, Retryable: true));
        }
        else
        {
            Unsent(id, exchange, splices.Apply(frame), IsOpen ? "it closed its input" : CloseReason);
        }
    }

    /// <inheritdoc/>
    protected override void Closing(string reason) => TakeBackUnsent(reason);

    /// <inheritdoc/>
    protected override void Abandon(long id, Exchange exchange, ReadOnlySpan<byte> reason)
    {
        if (exchange.Method != McpMethod.Initialize)
        {
            _writer.Append(Cancellation.Build(id, reason), default);
        }
    }

    /// <summary>Runs once: who lets go of the connection and who noticed that its wire is gone both ask for it.</summary>
    private async Task EndAsync(Func<ValueTask> dispose)
    {
        _writer.Dispose();
        await dispose().ConfigureAwait(false);
        _line.Interrupt();
    }

    /// <summary>Requests that wait to be written did not run, nor did those that nobody has read.</summary>
    private void TakeBackUnsent(string reason)
    {
        var unwritten = _writer.TakeUnwritten();
        if (!WasStopped)
        {
            TakeBack(_line.TakeUnread(), reason);
        }

        TakeBack(unwritten, reason);
    }

    private void TakeBack(ReadOnlySpan<byte> unwritten, string reason)
    {
        while (unwritten.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var frame = unwritten[..end];
            unwritten = unwritten[(end + 1)..];
            if (EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok && envelope.Kind == FrameKind.Request
                && Utf8Parser.TryParse(envelope.Id.Of(frame), out long id, out _) && Pending.Find(id) is { } exchange)
            {
                Unsent(id, exchange, frame, reason);
            }
        }
    }

    private void OnLine(ReadOnlySpan<byte> frame) => Take(frame);

    private void OnEnd(bool overflowed)
    {
        if (overflowed)
        {
            Close($"it sent a line of more than {Order.Limits.MaxMessageBytes} bytes (limits.maxMessageBytes)");
        }
        else
        {
            End("it closed its output");
        }
    }

    private void End(string seen)
    {
        _lineEnded.TrySetResult(seen);
        if (!_watched)
        {
            Close(seen);
        }
    }
}
