namespace Mimir.Supervisor.Registry;

/// <summary>
/// The folder of one user in which running Mimirs say what they have started, and keep what their servers wrote to stderr.
/// Nobody else may enter it.
/// </summary>
public sealed class StateFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Names a folder; nothing is made yet.</summary>
    /// <param name="path">Its full path.</param>
    public StateFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Where each running Mimir, and the newest that has ended, has a folder of its own.</summary>
    internal string Instances => System.IO.Path.Combine(Path, "instances");

    /// <summary>
    /// The folder of the user we run as: <c>$XDG_STATE_HOME/mimir</c> where that is an absolute path, else <c>~/.local/state/mimir</c> on
    /// Linux, <c>~/Library/Application Support/mimir</c> on macOS and <c>%LOCALAPPDATA%\mimir</c> on Windows.
    /// </summary>
    /// <param name="variable">Looks up an environment variable.</param>
    /// <returns>Null when none of these is set.</returns>
    public static StateFolder? ForUser(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable("XDG_STATE_HOME") is { } state && System.IO.Path.IsPathFullyQualified(state))
            return new StateFolder(System.IO.Path.Combine(state, "mimir"));
        var home = variable(OperatingSystem.IsWindows() ? "LOCALAPPDATA" : "HOME");
        if (home is null || !System.IO.Path.IsPathFullyQualified(home))
            return null;
        return new StateFolder(
            OperatingSystem.IsWindows() ? System.IO.Path.Combine(home, "mimir")
            : OperatingSystem.IsMacOS() ? System.IO.Path.Combine(home, "Library", "Application Support", "mimir")
            : System.IO.Path.Combine(home, ".local", "state", "mimir"));
    }

    /// <summary>Makes it where it is missing, and closes it to everybody else where it is not.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made, or it is somebody else's.</exception>
    internal void Make()
    {
        MakePrivate(Path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(Path) & ~Private) != 0)
            File.SetUnixFileMode(Path, Private);
        MakePrivate(Instances);
    }

    /// <summary>Makes a folder that only its owner may enter. One that exists stays as it is.</summary>
    internal static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Private);
    }
}
