namespace Mimir.Configuration.Plugins;

/// <summary>The folder of a plugin. Nothing outside of it is started as its entry, however it is written.</summary>
/// <param name="Path">Full path.</param>
internal sealed record PluginFolder(string Path)
{
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
        var home = Target(Path);
        for (var step = full; step.Length > Path.Length; step = System.IO.Path.GetDirectoryName(step)!)
        {
            if (Target(step) is var target && target != step && !IsWithin(Path, target) && !IsWithin(home, target))
            {
                return null;
            }
        }

        return full;
    }

    private static bool IsWithin(string folder, string path) =>
        path.StartsWith(System.IO.Path.EndsInDirectorySeparator(folder) ? folder : folder + System.IO.Path.DirectorySeparatorChar, Names);

    private static string Target(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }
        catch (IOException)
        {
            // A link that leads round in a circle leads nowhere, and certainly not to the folder.
            return "";
        }
    }
}
