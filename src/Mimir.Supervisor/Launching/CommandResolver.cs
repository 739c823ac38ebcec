using Mimir.Router.Upstreams;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Launching;

/// <summary>
/// Finds the file that a command means, as the system would, so that what is wrong can be said exactly. Empty and relative entries of
/// PATH are passed over: a program planted in a working directory is never meant.
/// </summary>
internal static class CommandResolver
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";
    private const int ExecuteAccess = 1;

    /// <summary>Resolves a command to an absolute path.</summary>
    /// <param name="who">Who asks, as a message begins.</param>
    /// <param name="command">A name, or a path if it holds a slash.</param>
    /// <param name="folder">What a relative path is relative to: where the child will run.</param>
    /// <param name="path">The PATH the child will have; null for the system's default.</param>
    /// <exception cref="ProcessStartException">Not found or not executable.</exception>
    internal static string Resolve(string who, string command, string folder, string? path)
    {
        if (command.Length == 0)
            throw new ProcessStartException($"{who}: \"command\" is empty. Name the program to run.");
        return command.Contains('/') ? ResolvePath(who, command, folder) : Search(who, command, path);
    }

    /// <summary>Checks that a child can run in a folder, and makes its name absolute.</summary>
    /// <exception cref="ProcessStartException">It cannot.</exception>
    internal static string ResolveFolder(string who, string? folder)
    {
        if (string.IsNullOrEmpty(folder))
            return Environment.CurrentDirectory;
        var full = Path.GetFullPath(folder);
        if (File.Exists(full))
            throw new ProcessStartException($"{who}: the working directory \"{folder}\" is a file. Give a directory in \"cwd\".");
        if (!Directory.Exists(full))
        {
            throw new ProcessStartException(
                $"{who}: the working directory \"{full}\" does not exist. Create it, or correct \"cwd\".{Tilde(folder)}");
        }

        if (!OperatingSystem.IsWindows() && Libc.Access(full, ExecuteAccess) != 0)
            throw new ProcessStartException($"{who}: the working directory \"{full}\" may not be entered. Allow it (chmod +x), or change \"cwd\".");
        return full;
    }

    private static string ResolvePath(string who, string command, string folder)
    {
        var full = Path.GetFullPath(command, folder);
        if (Directory.Exists(full))
            throw new ProcessStartException($"{who}: \"{full}\" is a directory. Name the program inside it.");
        if (!File.Exists(full))
            throw new ProcessStartException($"{who}: there is no file \"{full}\". Correct \"command\", or install what provides it.{Tilde(command)}");
        return Libc.Access(full, ExecuteAccess) == 0 ? full : throw NotExecutable(who, full);
    }

    private static string Search(string who, string command, string? path)
    {
        path ??= DefaultPath;
        string? refused = null;
        foreach (var entry in path.Split(':'))
        {
            if (!entry.StartsWith('/'))
                continue;
            var candidate = Path.Combine(entry, command);
            if (!File.Exists(candidate))
                continue;
            if (Libc.Access(candidate, ExecuteAccess) == 0)
                return candidate;
            refused ??= candidate;
        }

        if (refused is not null)
            throw NotExecutable(who, refused);
        throw new ProcessStartException(
            $"{who}: the command \"{command}\" was not found on PATH ({path}). {CommandRemedy.For(command)}");
    }

    private static ProcessStartException NotExecutable(string who, string file) =>
        new($"{who}: \"{file}\" is not executable. Make it so (chmod +x), or name its interpreter as \"command\" and the file in \"args\".");

    private static string Tilde(string text) =>
        text.StartsWith('~') ? " A ~ is not expanded, as no shell is involved: write ${HOME} instead." : string.Empty;
}
