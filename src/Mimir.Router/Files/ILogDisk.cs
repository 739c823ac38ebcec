namespace Mimir.Router.Files;

/// <summary>A disk with files that grow.</summary>
public interface ILogDisk : IDisk
{
    /// <summary>Opens a file for whoever holds the lock that goes with it, and makes it where there is none.</summary>
    /// <param name="path">Full path, in a folder that is there. A link there is not followed.</param>
    /// <param name="mode">The mode of one that is made; one that is there keeps its own. Without a meaning on Windows.</param>
    /// <exception cref="IOException">It cannot be opened, or is no file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    ILogFile OpenLog(string path, UnixFileMode mode);
}
