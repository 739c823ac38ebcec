using Mimir.Router.Upstreams;

namespace Mimir.Supervisor.Launching;

/// <summary>
/// Finds the file that a command means on Windows: a program, or a batch file, which is what <c>npx</c> and its like are there. Only the
/// folders of PATH are searched, and only those given in full: neither our folder nor the working directory, where something may be planted.
/// </summary>
internal static class WindowsCommand
{
    private const string DefaultExtensions = ".COM;.EXE;.BAT;.CMD";

    private static readonly string[] s_programs = [".exe", ".com"];
    private static readonly string[] s_batches = [".bat", ".cmd"];

    /// <summary>Whether a file is run by the command interpreter.</summary>
    internal static bool IsBatch(string file) => s_batches.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>Resolves a command to an absolute path.</summary>
    /// <param name="who">Who asks, as a message begins.</param>
    /// <param name="command">A name, or a path if it holds a slash of either kind; its extension may be left out.</param>
    /// <param name="folder">What a relative path is relative to: where the child will run.</param>
    /// <param name="path">The PATH the child will have; null for none.</param>
    /// <param name="extensions">Its PATHEXT, which says in which order extensions are tried; null for the system's default.</param>
    /// <exception cref="ProcessStartException">Not found, or nothing that can be run.</exception>
    internal static string Resolve(string who, string command, string folder, string? path, string? extensions)
    {
        if (command.Length == 0)
            throw new ProcessStartException($"{who}: \"command\" is empty. Name the program to run.");
        var tried = (extensions ?? DefaultExtensions).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(IsRunnable).ToList();
        return command.AsSpan().ContainsAny('/', '\\')
            ? ResolvePath(who, Path.GetFullPath(command, folder), tried)
            : Search(who, command, path ?? string.Empty, tried);
    }

    private static string ResolvePath(string who, string full, List<string> extensions)
    {
        if (Find(full, extensions) is { } found)
            return found;
        if (Directory.Exists(full))
            throw new ProcessStartException($"{who}: \"{full}\" is a directory. Name the program inside it.");
        throw File.Exists(full)
            ? new ProcessStartException($"{who}: \"{full}\" is no program: it ends in none of .exe, .com, .cmd and .bat. Name its interpreter as \"command\" and the file in \"args\".")
            : new ProcessStartException($"{who}: there is no file \"{full}\". Correct \"command\", or install what provides it.");
    }

    private static string Search(string who, string command, string path, List<string> extensions)
    {
        foreach (var entry in path.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var folder = entry.Trim('"');
            if (Path.IsPathFullyQualified(folder) && Find(Path.GetFullPath(command, folder), extensions) is { } found)
                return found;
        }

        throw new ProcessStartException($"{who}: the command \"{command}\" was not found on PATH ({path}). {CommandRemedy.For(command)}");
    }

    /// <summary>
    /// The file itself if its name ends as that of something that can be run, else with an extension: beside <c>npx.cmd</c> lies an
    /// <c>npx</c> for other systems. The extension is asked of the full path, which has lost the dots and blanks that Windows overlooks.
    /// </summary>
    private static string? Find(string full, List<string> extensions)
    {
        if (IsRunnable(Path.GetExtension(full)) && File.Exists(full))
            return full;
        return extensions.Select(extension => full + extension).FirstOrDefault(File.Exists);
    }

    private static bool IsRunnable(string extension) =>
        s_programs.Contains(extension, StringComparer.OrdinalIgnoreCase) || s_batches.Contains(extension, StringComparer.OrdinalIgnoreCase);
}
