using System.Buffers;
using Mimir.Http.Sessions;
using Mimir.Http.Streams;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Sse;
using Mimir.Router.State;

namespace Mimir.Http.Posting;

/// <summary>
/// One POSTed request. The first thing that comes decides the form of the response: an answer makes it JSON, anything else makes it
/// a stream of events.
/// </summary>
/// <remarks>
/// Upstream threads only fill the buffer and signal; all contact with the response is the handler's own. A legacy request with a
/// session streams through one of the session's logs, so that it survives a lost connection.
/// </remarks>
internal sealed class HttpExchange : Exchange
{
    private readonly Lock _gate = new();
    private readonly PooledBuffer _filling = new();
    private readonly Signal _signal = new();
    private bool _ended;
    private bool _streaming;

    /// <inheritdoc/>
    public override string Door => "http";

    /// <inheritdoc/>
    public override string Transport => "http";

    /// <summary>The status for an answer in JSON.</summary>
    public int Status { get; private set; }

    /// <summary>The legacy session, or null.</summary>
    public HttpSession? HttpSession { get; set; }

    /// <summary>The log the request streams through, once it streams; legacy only.</summary>
    public EventLog? Log { get; private set; }

    /// <summary>Most bytes that wait for the client before news are dropped.</summary>
    public int MostQueued { get; set; }

    /// <summary>True once something came that makes the response a stream of events.</summary>
    public bool IsStreaming
    {
        get
        {
            lock (_gate)
            {
                return _streaming;
            }
        }
    }

    /// <summary>Starts a use of the object.</summary>
    public int Start()
    {
        lock (_gate)
        {
            _filling.Clear();
            _ended = _streaming = false;
            Log = null;
            Status = 200;
            HttpSession = null;
            _signal.Reset();
        }

        return Begin();
    }

    /// <summary>Wakes the handler.</summary>
    public Signal Signal => _signal;

    /// <summary>Waits for something to send.</summary>
    public ValueTask WaitAsync() => _signal.WaitAsync();

    /// <summary>Wakes the handler.</summary>
    public void Wake() => _signal.Set();

    /// <summary>What the handler is to do now.</summary>
    /// <param name="into">Takes what waits.</param>
    /// <param name="streaming">True when it is events.</param>
    /// <returns>True when nothing comes after it.</returns>
    public bool Take(PooledBuffer into, out bool streaming)
    {
        lock (_gate)
        {
            streaming = _streaming;
            if (_filling.Length > 0)
            {
                var span = into.GetSpan(_filling.Length);
                _filling.Written.Span.CopyTo(span);
                into.Advance(_filling.Length);
                _filling.Clear();
            }

            return _ended;
        }
    }

    /// <summary>The answer in JSON, when that is all there is.</summary>
    /// <returns>False when it streams.</returns>
    public bool TryGetJson(out ReadOnlyMemory<byte> json)
    {
        lock (_gate)
        {
            json = _filling.Written;
            return _ended && !_streaming;
        }
    }

    /// <inheritdoc/>
    protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        lock (_gate)
        {
            if (!_streaming)
            {
                Status = HttpSession is null ? StatusOf(ErrorCode, UpstreamStatus) : 200;
                splices.WriteTo(_filling, frame);
            }
            else
            {
                WriteEvent(frame, splices, droppable: false);
                Log?.Complete();
            }

            _ended = true;
        }
    }

    /// <inheritdoc/>
    protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        lock (_gate)
        {
            StartStream(prime: true);
            return WriteEvent(frame, splices, droppable: frame.IndexOf("\"id\""u8) < 0);
        }
    }

    /// <inheritdoc/>
    protected override void OnPrimed()
    {
        lock (_gate)
        {
            if (HttpSession is { Revision.PrimesStreams: true })
            {
                StartStream(prime: true);
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnError(RouterError error)
    {
        var frame = error.ToFrame(CallerId.Span);
        lock (_gate)
        {
            Status = HttpSession is null ? error.HttpStatus : 200;
            if (!_streaming)
            {
                _filling.Write(frame);
            }
            else
            {
                WriteEvent(frame, default, droppable: false);
                Log?.Complete();
            }

            _ended = true;
        }
    }

    /// <inheritdoc/>
    protected override void OnResult(ReadOnlySpan<byte> result)
    {
        scoped SpliceList splices = default;
        ResultFrame.Wrap(ref splices, CallerId.Span, result.Length);
        OnFinal(result, splices);
    }

    /// <inheritdoc/>
    protected override void Settled()
    {
        HttpSession?.Untrack(this);
        _signal.Set();
    }

    /// <inheritdoc/>
    protected override void Withdrawn()
    {
        lock (_gate)
        {
            // No answer follows: the response ends without one.
            _streaming = true;
            _ended = true;
            Log?.Complete();
        }

        HttpSession?.Untrack(this);
        _signal.Set();
    }

    /// <inheritdoc/>
    protected override void Stirred() => _signal.Set();

    /// <summary>
    /// The status that goes with an error of a modern server while nothing was sent yet. Of the server's own only those that speak of
    /// the request pass: its 401 is about a token of ours, and would send the client to authorize itself here.
    /// </summary>
    private static int StatusOf(long code, int upstream) => code switch
    {
        0 => 200,
        _ when upstream is 400 or 404 => upstream,
        ErrorCodes.MethodNotFound => 404,
        <= -32020 and >= -32099 => 400,
        _ => 200,
    };

    private void StartStream(bool prime)
    {
        if (_streaming)
        {
            return;
        }

        _streaming = true;
        if (HttpSession is not { } session)
        {
            return;
        }

        Log = session.OpenLog();
        if (prime && session.Revision.PrimesStreams)
        {
            Log.Prime(retryMs: 1000);
        }
    }

    private bool WriteEvent(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable)
    {
        if (Log is not null)
        {
            return Log.Append(frame, splices, droppable, "message"u8);
        }

        if (droppable && _filling.Length > MostQueued)
        {
            return false;
        }

        SseWriter.Begin(_filling, "message"u8);
        EventLog.WriteData(_filling, frame, splices);
        SseWriter.End(_filling);
        return true;
    }
}
