namespace Mimir.Router.Files;

/// <summary>The steps of which a save is made, about one system call each: what a test lets fail one after the other.</summary>
public interface IDisk
{
    /// <summary>Makes a file that is not there, with a mode that it has from its first instant.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="mode">Its mode; without a meaning on Windows.</param>
    /// <exception cref="IOException">It is there, or cannot be made.</exception>
    IDiskFile Create(string path, UnixFileMode mode);

    /// <summary>Puts a file in the place of another one, or where there is none, at once.</summary>
    /// <exception cref="IOException">It cannot be done; then nothing is.</exception>
    void Rename(string from, string to);

    /// <summary>Makes a folder in one that is there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    void MakeFolder(string path, UnixFileMode mode);

    /// <summary>Forces the names in a folder to the disk. Nothing on Windows, which does it by itself.</summary>
    /// <exception cref="IOException">The disk has failed.</exception>
    void FlushFolder(string path);

    /// <summary>Deletes a file; does nothing when there is none.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    void Delete(string path);
}
