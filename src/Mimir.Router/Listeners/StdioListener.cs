using System.Collections.Concurrent;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.Engine.Handlers;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lines;

namespace Mimir.Router.Listeners;

/// <summary>
/// Serves one client on a line (our own stdin and stdout, or a pipe in this process). Either era on the same line: a request that
/// carries a modern envelope is modern, <c>initialize</c> opens the one legacy session.
/// </summary>
public sealed class StdioListener : IDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);
    private static int s_listeners;
    private readonly RouterEngine _engine;
    private readonly IByteLine _line;
    private readonly LineWriter _writer;
    private readonly StdioSession _session;
    private readonly View _view;
    private readonly ConcurrentQueue<StdioExchange> _pool = new();
    private readonly OpenRequests _modernOpen;
    private readonly int _holdBackAt;
    private volatile bool _stopped;

    /// <summary>Creates one; <see cref="Run"/> serves.</summary>
    public StdioListener(RouterEngine engine, View view, IByteLine line)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        _line = line;
        var limits = engine.Model.Limits;
        _holdBackAt = limits.MaxQueuedBytes;
        _modernOpen = new OpenRequests(limits.MaxInFlight);
        _writer = new LineWriter(line, limits.MaxQueuedBytes, (int)Math.Min(16L * limits.MaxMessageBytes, int.MaxValue));
        _writer.Broken += line.Interrupt;
        _session = new StdioSession(this, view);
        _view = view;
    }

    /// <summary>How what is still open is ended when the client has closed its side or <see cref="Stop"/> was called; null for without a word.</summary>
    public Farewell? Farewell { get; init; }

    /// <summary>Serves on this thread until the client closes its side, or until it is stopped.</summary>
    public void Run()
    {
        _engine.TryAdd(_session);
        try
        {
            new LineReader(_line, _engine.Model.Limits.MaxMessageBytes, Take, static _ => { }) { BeforeRead = HoldBack, SkipLong = RefuseLong }.Run();
            if (Farewell is { } farewell)
            {
                TakeLeave(farewell);
            }
        }
        finally
        {
            _engine.Remove(_session);
            _modernOpen.Close(default);
        }
    }

    /// <summary>Reads no further, so that <see cref="Run"/> comes to its end.</summary>
    public void Stop()
    {
        _stopped = true;
        _line.Interrupt();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _line.Interrupt();
        _writer.Dispose();
    }

    /// <summary>A name that no other listener of the process has.</summary>
    internal string Door { get; } = $"line {Interlocked.Increment(ref s_listeners)}";

    internal bool Write(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable) => _writer.Append(frame, splices, droppable);

    internal void Release(StdioExchange exchange)
    {
        _modernOpen.Remove(exchange);
        _session.Untrack(exchange);

        if (_pool.Count < 256)
        {
            _pool.Enqueue(exchange);
        }
    }

    /// <summary>Who closed its side may still read: what it asked is answered, and what was answered is written.</summary>
    private void TakeLeave(Farewell farewell)
    {
        _engine.Listens.End();
        if (!farewell.WaitAsync(() => _writer.IsClosed ? 0 : _session.OpenCount + _modernOpen.Count).GetAwaiter().GetResult())
        {
            _session.Refuse(Farewell.Stopping);
            _modernOpen.Refuse(Farewell.Stopping);
        }

        var until = _engine.Clock.Now + (long)LastWords.TotalMilliseconds;
        while (_writer.Queued > 0 && !_writer.IsClosed && _engine.Clock.Now < until)
        {
            _line.WaitWritable(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>A client that sends and does not read is not read either.</summary>
    private void HoldBack()
    {
        while (_writer.Queued > _holdBackAt && !_session.IsEnded && !_stopped)
        {
            _line.WaitWritable(TimeSpan.FromMilliseconds(50));
        }
    }

    private void RefuseLong() => Write(
        new RouterError(ErrorCodes.TooLarge, $"A message of more than {_engine.Model.Limits.MaxMessageBytes} bytes (limits.maxMessageBytes) was skipped.").ToFrame(default),
        default,
        droppable: false);

    private void Take(ReadOnlySpan<byte> frame)
    {
        var status = EnvelopeScanner.Scan(frame, _engine.Model.Limits.MaxDepth, out var envelope);
        if (status != ScanStatus.Ok)
        {
            TakeInvalid(frame, status, envelope);
            return;
        }

        _session.LastSeen = _engine.Clock.Now;
        switch (envelope.Kind)
        {
            case FrameKind.Request:
                TakeRequest(frame, envelope);
                break;
            case FrameKind.Notification when envelope.Method == McpMethod.Cancelled && envelope.RequestId.Exists && CancelModern(frame, envelope):
                break;
            case FrameKind.Notification:
                ClientNews.Take(_session, frame, envelope);
                break;
            default:
                _session.TakeAnswer(frame, envelope);
                break;
        }
    }

    private void TakeInvalid(ReadOnlySpan<byte> frame, ScanStatus status, in Envelope envelope)
    {
        if (frame.TrimStart((byte)' ').StartsWith("["u8) && _session.Revision.HasBatches && _session.IsInitialized)
        {
            var limits = _engine.Model.Limits;
            var split = BatchSplitter.Split(frame, limits.MaxDepth, limits.MaxBatch, out var parts);
            foreach (var part in parts)
            {
                Take(part);
            }

            if (split != BatchStatus.Ok)
            {
                Write(Faults.Of(split, limits.MaxBatch).ToFrame(default), default, droppable: false);
            }

            return;
        }

        Write(Faults.Of(status).ToFrame(envelope.Id.Exists ? envelope.Id.Of(frame) : default), default, droppable: false);
    }

    private void TakeRequest(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!_pool.TryDequeue(out var exchange))
        {
            exchange = new StdioExchange(this);
        }

        Request request = default;
        request.Exchange = exchange;
        request.Generation = exchange.Begin();
        request.Frame = frame;
        request.Envelope = envelope;
        exchange.CallerId.Set(envelope.Id.Of(frame));
        // A greeting whose modern envelope is not valid is a legacy one; with a valid one it is a method the modern era does not have.
        var modern = envelope.ClaimsModern && (envelope.Method != McpMethod.Initialize || ModernRules.Check(envelope, frame) is { Code: ErrorCodes.MethodNotFound });
        if (modern)
        {
            if (ModernRules.Check(envelope, frame) is { } fault)
            {
                request.Refuse(fault);
                return;
            }

            if (_modernOpen.TryAdd(exchange) is { } full)
            {
                _engine.TurnedAway(null, _view, exchange.Transport, frame, envelope, full);
                request.Refuse(full);
                return;
            }

            request.Catalog = _engine.ModernCatalog(_view, envelope.MetaCapabilities.Of(frame));
            exchange.LogLevel = envelope.MetaLogLevel.Exists ? System.Text.Encoding.UTF8.GetString(envelope.MetaLogLevel.Of(frame)) : null;
        }
        else if (_session.Track(exchange) is { } refusal)
        {
            _engine.TurnedAway(_session, _view, exchange.Transport, frame, envelope, refusal);
            request.Refuse(refusal);
            return;
        }
        else
        {
            request.Session = _session;
            request.Catalog = _session.Catalog!;
            if (!_session.IsInitialized && envelope.Method is not (McpMethod.Initialize or McpMethod.Ping))
            {
                request.Refuse(Faults.NotInitialized(envelope.Method));
                return;
            }
        }

        _engine.Dispatch(ref request);
    }

    private bool CancelModern(ReadOnlySpan<byte> frame, in Envelope envelope) =>
        _modernOpen.Withdraw(envelope.RequestId.Of(frame), Reasons.Of(frame, envelope));
}
