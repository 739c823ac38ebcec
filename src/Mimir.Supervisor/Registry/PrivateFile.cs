using System.Text;

namespace Mimir.Supervisor.Registry;

/// <summary>Files that only their owner may read, written so that a reader finds all of a file or none of it.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file, made with the right mode from its first instant.</summary>
    internal static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
            options.UnixCreateMode = Private;
        return new FileStream(path, options);
    }

    /// <summary>
    /// Writes beside the file and puts it in its place. It is not forced to the disk: what a loss of power takes away speaks of
    /// processes that it has taken as well.
    /// </summary>
    internal static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var beside = path + ".tmp";
        using (var stream = Open(beside, FileMode.Create, FileAccess.Write, FileShare.None))
            stream.Write(bytes);
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Reads a small file whole; null when it is gone, larger than <paramref name="most"/> bytes, or not ours to read.</summary>
    internal static byte[]? TryRead(string path, int most)
    {
        try
        {
            using var stream = Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > most)
                return null;
            var bytes = new byte[stream.Length];
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? bytes : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the beginning of a file that does not know its length, as those of <c>/proc</c>; empty when it cannot be read.</summary>
    internal static string TryReadSome(string path, int most)
    {
        try
        {
            using var stream = Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[most];
            return Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, most, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    /// <summary>Deletes a file if it can be deleted.</summary>
    internal static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // somebody else has, or it is left to the next one who passes
        }
    }
}
