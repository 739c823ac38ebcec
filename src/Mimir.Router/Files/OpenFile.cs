namespace Mimir.Router.Files;

/// <summary>A real file that is being written.</summary>
/// <param name="stream">Its stream, without a buffer.</param>
/// <param name="path">Its path, for errors.</param>
internal sealed class OpenFile(FileStream stream, string path) : IDiskFile
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => RandomAccess.Write(stream.SafeFileHandle, bytes, 0);

    /// <inheritdoc/>
    public void Flush() => SystemDisk.Flush(stream.SafeFileHandle, path);

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
