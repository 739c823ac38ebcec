namespace Mimir.Router.Upstreams;

/// <summary>
/// Two one-way byte streams to one peer (a child's stdin and stdout, our own stdin and stdout, an in-process server),
/// made for one dedicated reading thread and any number of writers that must never block.
/// </summary>
public interface IByteLine : IDisposable
{
    /// <summary>Blocks until bytes arrive. One thread at a time.</summary>
    /// <param name="buffer">Where they go; not empty.</param>
    /// <returns>How many; 0 at the end of the stream, on a broken pipe, and after <see cref="Interrupt"/>.</returns>
    int Read(Span<byte> buffer);

    /// <summary>Writes what fits without blocking. One thread at a time.</summary>
    /// <param name="bytes">What to write.</param>
    /// <returns>How many bytes were taken; 0 when the peer's buffer is full.</returns>
    /// <exception cref="IOException">The peer is gone.</exception>
    int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>Blocks until <see cref="TryWrite"/> may take bytes again, the peer is gone, or the time is over. Returns at once after <see cref="Interrupt"/>.</summary>
    /// <param name="timeout">The longest wait.</param>
    void WaitWritable(TimeSpan timeout);

    /// <summary>
    /// Takes back what was written and nobody has read, nor can any more, since the peer's end is gone. Nothing may be written afterwards.
    /// </summary>
    /// <returns>From where the peer's last read ended, which may be inside a message. Empty where that is not known.</returns>
    byte[] TakeUnread() => [];

    /// <summary>Says that nothing more will be written: the peer sees the end of its stdin.</summary>
    void CloseWrite();

    /// <summary>Makes <see cref="Read"/> return 0 now and for ever, from any thread, however the peer behaves.</summary>
    void Interrupt();
}
