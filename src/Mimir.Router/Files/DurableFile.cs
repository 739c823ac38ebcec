namespace Mimir.Router.Files;

/// <summary>
/// Saves a file whole: whatever fails, and wherever the power is cut, the file is the one before or the new one, and the new one
/// once <see cref="Save"/> has returned. One at a time for a path: whoever saves holds a lock of his own.
/// </summary>
public static class DurableFile
{
    /// <summary>Read and written by its owner alone.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Entered by its owner alone.</summary>
    public const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;

    /// <summary>Where a file is written before it takes its place: hidden, in the same folder. One that a crash leaves goes with the next save.</summary>
    /// <param name="path">Full path of the file.</param>
    public static string Beside(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.new");

    /// <summary>Saves. Where a link stands, the file that it leads to is replaced.</summary>
    /// <param name="disk">What it is done with.</param>
    /// <param name="path">Full path, in a folder that is there.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="mode">The mode of the file, whatever the one before had.</param>
    /// <exception cref="IOException">It was not saved, or it is not certain to outlast a power cut. The file is the one before or the new one.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be saved there. The file is the one before.</exception>
    public static void Save(IDisk disk, string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var link = new FileInfo(path);
        var target = link.LinkTarget is null ? path : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var beside = Beside(target);
        disk.Delete(beside);
        try
        {
            using (var file = disk.Create(beside, mode))
            {
                file.Write(bytes);
                file.Flush();
            }

            disk.Rename(beside, target);
        }
        catch
        {
            TryDelete(disk, beside);
            throw;
        }

        disk.FlushFolder(Path.GetDirectoryName(target)!);
    }

    /// <summary>Makes a folder and those above it where they are missing, so that they outlast a power cut too.</summary>
    /// <param name="disk">What it is done with.</param>
    /// <param name="path">Full path.</param>
    /// <param name="mode">The mode of those that are made.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made there.</exception>
    public static void MakeFolder(IDisk disk, string path, UnixFileMode mode)
    {
        ArgumentNullException.ThrowIfNull(disk);
        if (Directory.Exists(path) || Path.GetDirectoryName(path) is not { } parent)
        {
            return;
        }

        MakeFolder(disk, parent, mode);
        disk.MakeFolder(path, mode);
        disk.FlushFolder(parent);
    }

    private static void TryDelete(IDisk disk, string path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is left to the next save.
        }
    }
}
