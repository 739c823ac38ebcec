using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Lines;

/// <summary>Writes our stdout without blocking, whatever it is.</summary>
internal sealed unsafe class StandardOutput : IDisposable
{
    /// <summary>A pipe that poll calls writable takes this much without blocking (<c>PIPE_BUF</c> of Linux; 512 is what POSIX promises).</summary>
    private static readonly int Step = Abi.Apple ? 512 : 4096;

    private readonly int _shared;
    private readonly Descriptor? _own;
    private readonly StreamKind _kind;
    private volatile bool _closed;

    internal StandardOutput(int fd, bool reopen)
    {
        _shared = fd;
        _kind = StreamKinds.Probe(fd, Abi.OpenWrite, reopen, out _own);
    }

    /// <summary>Writes what fits.</summary>
    /// <exception cref="IOException">The reader is gone, or the stream is closed.</exception>
    internal int TryWrite(ReadOnlySpan<byte> bytes)
    {
        var fd = _shared;
        if (_closed || (_own is not null && !_own.TryBorrow(out fd)))
            throw new IOException("The stdout of this process is closed.");
        try
        {
            fixed (byte* start = bytes)
            {
                return _kind switch
                {
                    StreamKind.Other => WriteInSteps(fd, start, bytes.Length),
                    StreamKind.Socket => Taken(Libc.Send(fd, start, (nuint)bytes.Length, Abi.MessageDontWait | Abi.MessageNoSignal)),
                    _ => Taken(Libc.Write(fd, start, (nuint)bytes.Length)),
                };
            }
        }
        finally
        {
            if (_own is not null)
                _own.Release();
        }
    }

    /// <summary>Waits until <see cref="TryWrite"/> may take bytes, or <paramref name="wake"/>.</summary>
    internal void WaitWritable(int wake, int milliseconds)
    {
        var fd = _shared;
        if (_closed || (_own is not null && !_own.TryBorrow(out fd)))
            return;
        Descriptors.Wait(fd, Abi.PollOut, wake, milliseconds);
        if (_own is not null)
            _own.Release();
    }

    /// <summary>
    /// Shows the reader the end. The number itself keeps pointing somewhere (at nothing), for a freed 1 would become the next
    /// file opened, and whatever prints to the console would write into it.
    /// </summary>
    internal void Close()
    {
        if (_closed)
            return;
        _closed = true;
        using var nothing = Descriptors.TryOpen("/dev/null", Abi.OpenWrite);
        if (nothing is not null)
            _ = Libc.Dup2((int)nothing.DangerousGetHandle(), _shared);
        else
            _ = Libc.Close(_shared);
        _own?.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();

    private static int WriteInSteps(int fd, byte* start, int length)
    {
        var written = 0;
        while (written < length && Descriptors.Wait(fd, Abi.PollOut, -1, 0))
        {
            var count = Taken(Libc.Write(fd, start + written, (nuint)Math.Min(length - written, Step)));
            if (count == 0)
                break;
            written += count;
        }

        return written;
    }

    private static int Taken(nint count)
    {
        if (count >= 0)
            return (int)count;
        var error = Errno.Last;
        if (error == Errno.TryAgain || error == Errno.Interrupted)
            return 0;
        throw new IOException($"Nobody reads the stdout of this process any more: {Errno.Describe(error)}.");
    }
}
