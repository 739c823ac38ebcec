namespace Mimir.Configuration.Plugins;

/// <summary>The folder of a plugin. Nothing outside of it is started as its entry, however it is written.</summary>
/// <param name="Path">Full path.</param>
internal sealed record PluginFolder(string Path)
{
    private const int MostLinks = 40;
    private static readonly StringComparison Names = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>The full path of a file in it.</summary>
    /// <returns>Null when the path leads out of the folder: with <c>..</c>, from the root, or through a link.</returns>
    public string? Find(string relative)
    {
        if (relative.Contains('\0', StringComparison.Ordinal) || System.IO.Path.IsPathRooted(relative))
        {
            return null;
        }

        var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, relative));
        if (!IsWithin(Path, full))
        {
            return null;
        }

        // The folder itself may be a link: that is how plugins are tried out.
        return Real(Path) is { } home && Real(full) is { } real && IsWithin(home, real) ? full : null;
    }

    private static bool IsWithin(string folder, string path) =>
        path.StartsWith(System.IO.Path.EndsInDirectorySeparator(folder) ? folder : folder + System.IO.Path.DirectorySeparatorChar, Names);

    /// <summary>Where a path leads once every link in it is followed; what is not there stands for itself.</summary>
    /// <returns>Null for links that lead round in a circle.</returns>
    private static string? Real(string path)
    {
        var real = System.IO.Path.GetPathRoot(path)!;
        var names = new Stack<string>(Steps(path[real.Length..]));
        for (var links = 0; names.TryPop(out var name);)
        {
            if (name == "..")
            {
                real = System.IO.Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var step = System.IO.Path.Combine(real, name);
            if (new FileInfo(step).LinkTarget is not { } target)
            {
                real = step;
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            var root = System.IO.Path.GetPathRoot(target) ?? "";
            real = root.Length > 0 ? System.IO.Path.GetFullPath(root) : real;
            foreach (var next in Steps(target[root.Length..]))
            {
                names.Push(next);
            }
        }

        return real;
    }

    /// <summary>The names in a path, the last one first.</summary>
    private static IEnumerable<string> Steps(string path) => path
        .Split([System.IO.Path.DirectorySeparatorChar, System.IO.Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
        .Where(static name => name != ".")
        .Reverse();
}
