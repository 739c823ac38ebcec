using Mimir.Configuration.Issues;
using Mimir.Router.Files;

namespace Mimir.Configuration.Sources;

/// <summary>Reads a file whole, up to a bound.</summary>
internal static class BoundedFile
{
    /// <summary>The largest file that is read: 4 MiB.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Reads the file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="issues">Told when it cannot be read.</param>
    /// <param name="isNamed">Whether somebody named it: then it may be a pipe. What is found in a folder has to be a file.</param>
    /// <returns>Its bytes, or null after an error.</returns>
    public static ArraySegment<byte>? Read(string path, IssueList issues, bool isNamed = false)
    {
        try
        {
            // Editors replace files while others read them: no lock is asked for. A pipe has no length, so none is asked for either.
            using var file = isNamed ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : RegularFile.TryOpen(path);
            if (file is null)
            {
                issues.Error(path, "is no file", "Remove it, and put a file in its place: pipes, folders and devices are not read");
                return null;
            }

            var buffer = new byte[16 << 10];
            var used = 0;
            while (true)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(used), used);
                if (read == 0)
                {
                    return new ArraySegment<byte>(buffer, 0, used);
                }

                used += read;
                if (used > MaxBytes)
                {
                    issues.Error(path, $"is larger than {MaxBytes >> 20} MiB", "Name a configuration file: no configuration needs that much");
                    return null;
                }

                if (used == buffer.Length)
                {
                    Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, MaxBytes + 1L));
                }
            }
        }
        catch (UnauthorizedAccessException)
        {
            issues.Error(path, "may not be read", "Give this user the right to read it, or name another file with --config");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            issues.Error(path, "is not there any more", "Create it, or name another file with --config");
        }
        catch (IOException exception)
        {
            issues.Error(path, $"cannot be read ({exception.GetType().Name})", "Check the file and the disk it is on");
        }

        return null;
    }
}
