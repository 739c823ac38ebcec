namespace Mimir.Router.Files;

/// <summary>A real file that is being written.</summary>
/// <param name="stream">Its stream, without a buffer.</param>
/// <param name="path">Its path, for errors.</param>
internal sealed class OpenFile(FileStream stream, string path) : IDiskFile
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(stream.SafeFileHandle, bytes, 0);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What the runtime makes of EFBIG: a quota, or a limit of the process.
            throw new IOException($"The file '{path}' may not grow so large", e);
        }
    }

    /// <inheritdoc/>
    public void Flush() => SystemDisk.Flush(stream.SafeFileHandle, path);

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
