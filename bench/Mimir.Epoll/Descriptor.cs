using System.Runtime.InteropServices;

namespace Mimir.Epoll;

/// <summary>A file descriptor somebody else owns: a socket, or one end of a pipe.</summary>
/// <param name="Number">The descriptor itself.</param>
/// <param name="IsSocket">True for sockets, which are written without the signal a broken pipe raises.</param>
public readonly record struct Descriptor(int Number, bool IsSocket)
{
    /// <summary>What <see cref="Read"/> and <see cref="Write"/> return when they would have had to wait.</summary>
    public const int WouldBlock = -1;

    /// <summary>From now on reads and writes return <see cref="WouldBlock"/> rather than wait.</summary>
    /// <exception cref="IOException">The descriptor is not open.</exception>
    public void SetNonBlocking()
    {
        var flags = Libc.Control(Number, Libc.GetFlags, 0);
        if (flags < 0 || Libc.Control(Number, Libc.SetFlags, flags | Libc.NonBlocking) < 0)
        {
            throw new IOException($"fcntl failed with errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Reads what is there.</summary>
    /// <param name="buffer">Where it goes; not empty.</param>
    /// <returns>How many bytes; 0 at the end of the stream and when the peer broke it; or <see cref="WouldBlock"/>.</returns>
    public unsafe int Read(Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            while (true)
            {
                var n = IsSocket ? Libc.Receive(Number, p, (nuint)buffer.Length, 0) : Libc.Read(Number, p, (nuint)buffer.Length);
                if (n >= 0)
                {
                    return (int)n;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Libc.Eintr:
                        continue;
                    case Libc.Eagain:
                        return WouldBlock;
                    default:
                        return 0;
                }
            }
        }
    }

    /// <summary>Writes what fits (a blocking descriptor: at least one byte).</summary>
    /// <param name="bytes">What to write; not empty.</param>
    /// <returns>How many bytes were taken, or <see cref="WouldBlock"/>.</returns>
    /// <exception cref="IOException">The peer is gone.</exception>
    public unsafe int Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            while (true)
            {
                var n = IsSocket ? Libc.Send(Number, p, (nuint)bytes.Length, Libc.NoSignal) : Libc.Write(Number, p, (nuint)bytes.Length);
                if (n >= 0)
                {
                    return (int)n;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Libc.Eintr:
                        continue;
                    case Libc.Eagain:
                        return WouldBlock;
                    default:
                        throw new IOException($"The peer is gone (errno {Marshal.GetLastPInvokeError()}).");
                }
            }
        }
    }

    /// <summary>Writes everything; only for blocking descriptors.</summary>
    /// <param name="bytes">What to write.</param>
    /// <exception cref="IOException">The peer is gone.</exception>
    public void WriteAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Write(bytes)..];
        }
    }
}
