using Microsoft.Win32.SafeHandles;

namespace Mimir.Router.Files;

/// <summary>A real file that grows.</summary>
/// <param name="handle">Its handle.</param>
/// <param name="path">Its path, for errors.</param>
internal sealed class OpenLogFile(SafeFileHandle handle, string path) : ILogFile
{
    /// <inheritdoc/>
    public long Length => RandomAccess.GetLength(handle);

    /// <inheritdoc/>
    public int Read(long at, Span<byte> into)
    {
        var read = 0;
        for (int more; read < into.Length && (more = RandomAccess.Read(handle, into[read..], at + read)) > 0;)
        {
            read += more;
        }

        return read;
    }

    /// <inheritdoc/>
    public void Write(long at, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, at);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What the runtime makes of EFBIG: a quota, or a limit of the process.
            throw new IOException($"The file '{path}' may not grow so large", e);
        }
    }

    /// <inheritdoc/>
    public void Cut(long length) => RandomAccess.SetLength(handle, length);

    /// <inheritdoc/>
    public void Flush() => SystemDisk.Flush(handle, path);

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
