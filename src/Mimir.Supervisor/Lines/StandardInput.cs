using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Lines;

/// <summary>Reads our stdin, waiting for it and for a wake at the same time, whatever it is.</summary>
internal sealed unsafe class StandardInput : IDisposable
{
    /// <summary>Answered by <see cref="Read"/> when it was woken, or woken for nothing: look at the state and ask again.</summary>
    internal const int Again = -1;

    private readonly int _shared;
    private readonly Descriptor? _own;
    private readonly StreamKind _kind;

    internal StandardInput(int fd, bool reopen)
    {
        _shared = fd;
        _kind = StreamKinds.Probe(fd, Abi.OpenRead, reopen, out _own);
    }

    /// <summary>One read: bytes, 0 at the end, or <see cref="Again"/>.</summary>
    internal int Read(Span<byte> buffer, int wake)
    {
        var fd = _shared;
        if (_own is not null && !_own.TryBorrow(out fd))
            return 0;
        try
        {
            // What can be asked without blocking is asked first; the rest is waited for, then asked once.
            var eager = _kind is StreamKind.Reopened or StreamKind.Socket;
            if (!eager && !Descriptors.Wait(fd, Abi.PollIn, wake, -1))
                return Again;
            fixed (byte* start = buffer)
            {
                var count = _kind == StreamKind.Socket
                    ? Libc.Receive(fd, start, (nuint)buffer.Length, Abi.MessageDontWait)
                    : Libc.Read(fd, start, (nuint)buffer.Length);
                if (count >= 0)
                    return (int)count;
            }

            var error = Errno.Last;
            if (error == Errno.TryAgain)
            {
                Descriptors.Wait(fd, Abi.PollIn, wake, -1);
                return Again;
            }

            return error == Errno.Interrupted ? Again : 0;
        }
        finally
        {
            if (_own is not null)
                _own.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();
}
