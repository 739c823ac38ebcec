using System.Buffers;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Upstreams.Lines;

/// <summary>
/// The writing side of an <see cref="IByteLine"/>: any thread appends whole messages, one thread at a time writes them, nobody
/// waits. What the peer does not take at once is written by a thread of the writer's own, which exists only while it is needed.
/// </summary>
/// <remarks>
/// Two bounds on the bytes that wait: beyond the first, messages marked droppable are dropped and counted; beyond the second all are
/// refused (the caller decides what that means). Thread-safe.
/// </remarks>
public sealed class LineWriter : IDisposable
{
    private const int SmallBuffer = 16 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    /// <summary>Longer than it takes until a write is told that its peer is gone, whether it waited for that peer or not, on a busy machine too.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);
    private readonly Lock _gate = new();
    private readonly IByteLine _line;
    private readonly int _dropBeyond;
    private readonly int _refuseBeyond;
    private byte[] _filling = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private byte[] _spare = [];
    private byte[] _unwritten = [];
    private int _filled;
    private int _draining;
    private bool _writing;
    private Rest? _rest;
    private AutoResetEvent? _work;
    private bool _drainerLives;
    private bool _closed;
    private long _dropped;

    /// <summary>Creates one.</summary>
    /// <param name="line">Where bytes go. Not owned.</param>
    /// <param name="dropBeyond">Most bytes that wait before droppable messages are dropped.</param>
    /// <param name="refuseBeyond">Most bytes that wait at all. A single message is taken whatever its size.</param>
    public LineWriter(IByteLine line, int dropBeyond, int refuseBeyond)
    {
        _line = line;
        _dropBeyond = dropBeyond;
        _refuseBeyond = refuseBeyond;
    }

    /// <summary>Raised once, on the thread that noticed, when the peer is gone.</summary>
    public event Action? Broken;

    /// <summary>Messages dropped because the peer did not read.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>True once it takes nothing more: the peer is gone, or it was stopped.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Bytes appended and not yet taken by the peer.</summary>
    public int Queued
    {
        get
        {
            lock (_gate)
            {
                return _filled + _draining;
            }
        }
    }

    /// <summary>Appends a message and its line end. Raw line ends inside it, which JSON allows between tokens, become blanks.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="splices">Replacements.</param>
    /// <param name="droppable">True for what may be lost when the peer is slow.</param>
    /// <returns>False when it was not taken: the peer is gone, or the bound is reached.</returns>
    public bool Append(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable = false)
    {
        var length = splices.LengthOf(frame);
        lock (_gate)
        {
            var waiting = (long)_filled + _draining;
            if (_closed || (waiting > 0 && waiting + length > (droppable ? _dropBeyond : _refuseBeyond)))
            {
                if (droppable)
                {
                    Interlocked.Increment(ref _dropped);
                }

                return false;
            }

            Reserve(length + 1);
            var target = _filling.AsSpan(_filled, length);
            splices.CopyTo(frame, target);
            if (target.ContainsAny((byte)'\n', (byte)'\r'))
            {
                target.Replace((byte)'\n', (byte)' ');
                target.Replace((byte)'\r', (byte)' ');
            }

            _filling[_filled + length] = (byte)'\n';
            _filled += length + 1;
        }

        if (!FlushBatch.Defer(this))
        {
            Flush();
        }

        return true;
    }

    /// <summary>Writes what waits, unless another thread is at it already, which then writes this as well.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_writing || _filled == 0 || _closed)
            {
                return;
            }

            _writing = true;
        }

        Drain(mayBlock: false);
    }

    /// <summary>Stops taking messages, and gives those back of which the peer certainly took nothing.</summary>
    /// <returns>Whole messages, each with its line end.</returns>
    public byte[] TakeUnwritten()
    {
        // A write that is under way, or waits for its peer, tells in a moment what the peer took of it: a peer that is gone took nothing.
        if (IsWriting)
        {
            SpinWait.SpinUntil(() => !IsWriting, Moment);
        }

        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                _unwritten = _filling.AsSpan(0, _filled).ToArray();
                _filled = 0;
                _work?.Set();
            }

            var unwritten = _unwritten;
            _unwritten = [];
            return unwritten;
        }
    }

    /// <summary>Stops taking messages. What was appended and not written is given up.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _work?.Set();
        }
    }

    /// <summary>True while a thread has something to write.</summary>
    private bool IsWriting
    {
        get
        {
            lock (_gate)
            {
                return _draining > 0 && !_closed;
            }
        }
    }

    private void Drain(bool mayBlock)
    {
        while (true)
        {
            byte[] buffer;
            int length;
            lock (_gate)
            {
                if (_filled == 0 || _closed)
                {
                    _writing = false;
                    return;
                }

                (buffer, length) = (_filling, _filled);
                _filling = _spare.Length > 0 ? _spare : ArrayPool<byte>.Shared.Rent(SmallBuffer);
                _spare = [];
                _filled = 0;
                _draining = length;
            }

            if (!Write(buffer, 0, length, mayBlock))
            {
                return;
            }
        }
    }

    /// <summary>Writes one buffer out. False when it was handed to a thread of its own or the peer is gone.</summary>
    private bool Write(byte[] buffer, int from, int length, bool mayBlock)
    {
        try
        {
            while (from < length)
            {
                var taken = _line.TryWrite(buffer.AsSpan(from, length - from));
                from += taken;
                if (taken == 0)
                {
                    if (!mayBlock)
                    {
                        HandOver(new Rest(buffer, from, length));
                        return false;
                    }

                    if (_closed)
                    {
                        break;
                    }

                    _line.WaitWritable(TimeSpan.FromSeconds(1));
                }
            }
        }
        catch (IOException)
        {
            Break(buffer.AsSpan(from, length - from), isWhole: from == 0 || buffer[from - 1] == '\n');
            return false;
        }

        Recycle(buffer);
        return true;
    }

    private void HandOver(Rest rest)
    {
        lock (_gate)
        {
            _rest = rest;
            _work ??= new AutoResetEvent(false);
            if (_drainerLives)
            {
                _work.Set();
                return;
            }

            _drainerLives = true;
        }

        try
        {
            new Thread(DrainLoop, 256 * 1024) { IsBackground = true, Name = "mimir-drain" }.Start();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // Nobody would ever write the rest: the line is given up, so that whoever waits for it is told.
            lock (_gate)
            {
                (_drainerLives, _rest) = (false, null);
            }

            Break(rest.Buffer.AsSpan(rest.From, rest.Length - rest.From), isWhole: rest.From == 0 || rest.Buffer[rest.From - 1] == '\n');
        }
    }

    private void DrainLoop()
    {
        while (true)
        {
            Rest? rest;
            lock (_gate)
            {
                (rest, _rest) = (_rest, null);
            }

            if (rest is { } found)
            {
                if (Write(found.Buffer, found.From, found.Length, mayBlock: true))
                {
                    Drain(mayBlock: true);
                }

                continue;
            }

            // A peer that was slow once mostly is so again.
            var called = _work!.WaitOne(Linger);
            lock (_gate)
            {
                if (_rest is null && (!called || _closed))
                {
                    _drainerLives = false;
                    return;
                }
            }
        }
    }

    private void Break(ReadOnlySpan<byte> left, bool isWhole)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            _writing = false;

            // A message of which a part was taken may have been understood without its end.
            var rest = isWhole ? left : left[(left.IndexOf((byte)'\n') + 1)..];
            _unwritten = [.. rest, .. _filling.AsSpan(0, _filled)];

            // Nothing waits for a peer that is gone: who holds back until it has read goes on.
            _filled = _draining = 0;
        }

        Broken?.Invoke();
    }

    private void Recycle(byte[] buffer)
    {
        lock (_gate)
        {
            _draining = 0;
            if (buffer.Length <= SmallBuffer * 16 && _spare.Length == 0)
            {
                _spare = buffer;
                return;
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Reserve(int more)
    {
        if (_filling.Length - _filled >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_filling.Length * 2, _filled + more));
        _filling.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_filling);
        _filling = larger;
    }

    /// <summary>What is left of a buffer.</summary>
    private readonly record struct Rest(byte[] Buffer, int From, int Length);
}
