namespace Mimir.Router.Files;

/// <summary>A file that is being written. Disposing closes it.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>Writes all of it at the beginning.</summary>
    /// <exception cref="IOException">The disk is full or has failed; a part may be written.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Forces it to the disk.</summary>
    /// <exception cref="IOException">The disk is full or has failed.</exception>
    void Flush();
}
