namespace Mimir.Router.Files;

/// <summary>A file that grows at its end. Disposing closes it.</summary>
public interface ILogFile : IDisposable
{
    /// <summary>Its bytes now.</summary>
    long Length { get; }

    /// <summary>Reads.</summary>
    /// <param name="at">From where.</param>
    /// <param name="into">Filled as far as there are bytes.</param>
    /// <returns>How many were read.</returns>
    /// <exception cref="IOException">The disk has failed.</exception>
    int Read(long at, Span<byte> into);

    /// <summary>Writes all of it, in one piece.</summary>
    /// <param name="at">Where: the end.</param>
    /// <param name="bytes">What is written.</param>
    /// <exception cref="IOException">The disk is full or has failed; a part may be written.</exception>
    void Write(long at, ReadOnlySpan<byte> bytes);

    /// <summary>Takes away what stands behind a place.</summary>
    /// <exception cref="IOException">The disk has failed.</exception>
    void Cut(long length);

    /// <summary>Forces it to the disk.</summary>
    /// <exception cref="IOException">The disk is full or has failed.</exception>
    void Flush();
}
