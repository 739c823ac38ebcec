using System.Buffers;
using System.Globalization;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Lines;

/// <summary>
/// A child's stdin and stdout. Our ends do not block; the child's do, as every program expects.
/// Nothing is allocated to read or write.
/// </summary>
internal sealed unsafe class ChildLine : IChildLine
{
    private const int Open = 0, Draining = 1, Interrupted = 2;

    /// <summary>Longer than a start holds the ends of other children's pipes.</summary>
    private const int LastReaderMs = 20;

    /// <summary>More than a pipe holds.</summary>
    private const int MostUnread = 4 << 20, Chunk = 64 << 10;

    private readonly Descriptor _write;
    private readonly Descriptor _read;
    private readonly Wake _wake;
    private readonly Lock _unreadGate = new();
    private byte[]? _unread;
    private volatile bool _isLeft;
    private int _state;

    /// <summary>Takes over all three.</summary>
    internal ChildLine(Descriptor write, Descriptor read, Wake wake)
    {
        _write = write;
        _read = read;
        _wake = wake;
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        if (Volatile.Read(ref _state) == Interrupted || !_read.TryBorrow(out var fd))
            return 0;
        try
        {
            fixed (byte* start = buffer)
            {
                while (true)
                {
                    // The state is taken before the look into the pipe: what came in before the order to drain is not missed.
                    var state = Volatile.Read(ref _state);
                    if (state == Interrupted)
                        return 0;
                    var count = Libc.Read(fd, start, (nuint)buffer.Length);
                    if (count > 0)
                        return (int)count;
                    var error = count == 0 ? 0 : Errno.Last;
                    if (error == Errno.Interrupted)
                        continue;
                    if (error != Errno.TryAgain || state != Open)
                    {
                        Volatile.Write(ref _state, Interrupted);
                        return 0;
                    }

                    WaitFor(fd, Abi.PollIn, -1);
                }
            }
        }
        finally
        {
            _read.Release();
        }
    }

    /// <inheritdoc/>
    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (_isLeft || !_write.TryBorrow(out var fd))
            throw new IOException("The stdin of the process is closed.");
        try
        {
            fixed (byte* start = bytes)
            {
                while (true)
                {
                    var count = Libc.Write(fd, start, (nuint)bytes.Length);
                    if (count >= 0)
                        return (int)count;
                    var error = Errno.Last;
                    if (error == Errno.TryAgain)
                        return 0;
                    if (error != Errno.Interrupted)
                        throw new IOException($"The process does not read its stdin any more: {Errno.Describe(error)}.");
                }
            }
        }
        finally
        {
            _write.Release();
        }
    }

    /// <inheritdoc/>
    public void WaitWritable(TimeSpan timeout)
    {
        if (Volatile.Read(ref _state) == Interrupted || !_write.TryBorrow(out var fd))
            return;
        WaitFor(fd, Abi.PollOut, Milliseconds(timeout));
        _write.Release();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Linux only, where a pipe can be opened at its other end as well. A process that is just being started holds all of our ends for a moment, so
    /// that what is written to a peer that is gone can find a pipe that still looks whole.
    /// </remarks>
    public byte[] TakeUnread()
    {
        lock (_unreadGate)
        {
            var unread = _unread ?? Unread();
            _unread = [];
            return unread;
        }
    }

    /// <inheritdoc/>
    public void KeepUnread()
    {
        lock (_unreadGate)
            _unread ??= Unread();
    }

    /// <inheritdoc/>
    public void CloseWrite() => _write.Dispose();

    /// <inheritdoc/>
    public void Interrupt()
    {
        Volatile.Write(ref _state, Interrupted);
        _wake.Set();
    }

    /// <inheritdoc/>
    public void EndWhenDrained()
    {
        if (Interlocked.CompareExchange(ref _state, Draining, Open) == Open)
            _wake.Set();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interrupt();
        _write.Dispose();
        _read.Dispose();
        _wake.Dispose();
    }

    /// <summary>Rounded up, so that a wait is never busy; bounded by what poll takes.</summary>
    internal static int Milliseconds(TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), 0, int.MaxValue);

    private byte[] Unread()
    {
        if (!OperatingSystem.IsLinux() || !_write.TryBorrow(out var fd))
            return [];
        try
        {
            if (!Descriptors.IsLeft(fd, LastReaderMs))
                return [];

            // With its other end opened again the pipe would take more.
            _isLeft = true;
            using var other = Descriptors.TryOpen(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{fd}"), Abi.OpenRead | Abi.OpenNonBlocking);
            if (other is null || !other.TryBorrow(out var end))
                return [];
            try
            {
                return Drain(end);
            }
            finally
            {
                other.Release();
            }
        }
        finally
        {
            _write.Release();
        }
    }

    /// <summary>What a pipe holds.</summary>
    private static byte[] Drain(int fd)
    {
        var found = new ArrayBufferWriter<byte>();
        while (found.WrittenCount < MostUnread)
        {
            var room = found.GetSpan(Chunk);
            nint count;
            fixed (byte* start = room)
                count = Libc.Read(fd, start, Chunk);
            if (count <= 0)
                break;
            found.Advance((int)count);
        }

        return found.WrittenSpan.ToArray();
    }

    private void WaitFor(int fd, short events, int milliseconds)
    {
        if (!_wake.Readable.TryBorrow(out var wake))
            return;
        Descriptors.Wait(fd, events, wake, milliseconds);
        _wake.Readable.Release();
    }
}
