using System.Buffers;
using System.IO.Pipelines;

namespace Mimir.Router.Upstreams.InProcess;

/// <summary>One end of a line made of two memory pipes; the other end is a pair of streams.</summary>
public sealed class PipeLine : IByteLine
{
    private static readonly PipeOptions Bounded = new(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false);
    private readonly Lock _writeGate = new();
    private readonly PipeReader _incoming;
    private readonly PipeWriter _outgoing;
    private Task<FlushResult>? _flushing;
    private volatile bool _interrupted;
    private bool _closed;

    private PipeLine(PipeReader incoming, PipeWriter outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    /// <summary>Makes a line and the streams at its other end.</summary>
    public static (PipeLine Line, (Stream Input, Stream Output) Peer) CreatePair()
    {
        var up = new Pipe(Bounded);
        var down = new Pipe(Bounded);
        return (new PipeLine(down.Reader, up.Writer), (up.Reader.AsStream(), down.Writer.AsStream()));
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        while (!_interrupted)
        {
            if (!_incoming.TryRead(out var result))
            {
                var pending = _incoming.ReadAsync();
                result = pending.IsCompleted ? pending.Result : pending.AsTask().GetAwaiter().GetResult();
            }

            var bytes = result.Buffer;
            if (!bytes.IsEmpty)
            {
                var part = bytes.Slice(0, Math.Min(bytes.Length, buffer.Length));
                var length = (int)part.Length;
                part.CopyTo(buffer);

                // From here on the pipe uses the memory again: the part may not even be asked for its length.
                _incoming.AdvanceTo(part.End);
                return length;
            }

            _incoming.AdvanceTo(bytes.Start);
            if (result.IsCompleted)
            {
                return 0;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (_flushing is { IsCompleted: false })
        {
            return 0;
        }

        ValueTask<FlushResult> flush;
        lock (_writeGate)
        {
            if (_closed)
            {
                throw new IOException("The line is closed.");
            }

            _outgoing.Write(bytes);
            flush = _outgoing.FlushAsync();
        }

        if (flush.IsCompleted)
        {
            _flushing = null;
            if (flush.Result.IsCompleted)
            {
                throw new IOException("The other side has ended.");
            }
        }
        else
        {
            _flushing = flush.AsTask();
        }

        return bytes.Length;
    }

    /// <inheritdoc/>
    public void WaitWritable(TimeSpan timeout) => ((IAsyncResult?)_flushing)?.AsyncWaitHandle.WaitOne(timeout);

    /// <inheritdoc/>
    public void CloseWrite()
    {
        lock (_writeGate)
        {
            _closed = true;
            _outgoing.Complete();
        }
    }

    /// <inheritdoc/>
    public void Interrupt()
    {
        _interrupted = true;
        _incoming.CancelPendingRead();
    }

    /// <inheritdoc/>
    public void Dispose() => Interrupt();
}
