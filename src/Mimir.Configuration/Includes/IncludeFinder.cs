using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Includes;

/// <summary>Finds the files that an <c>include</c> names: by a path, or by a path with patterns in it (see <see cref="Glob"/>).</summary>
/// <param name="home">The user's home folder, for <c>~</c>; null when there is none.</param>
/// <param name="issues">Told what is missing.</param>
internal sealed class IncludeFinder(string? home, IssueList issues)
{
    /// <summary>Most files of all entries together.</summary>
    public const int MostFiles = 256;

    // A folder with more in it is none that a few configuration files lie in.
    private const int MostEntries = 10_000;

    private readonly List<string> _files = [];
    private readonly List<string> _watched = [];

    /// <summary>What was found so far.</summary>
    public IncludesFound Found => new([.. _files], [.. _watched.Distinct(StringComparer.Ordinal)]);

    /// <summary>Finds.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="at">Where; relative paths start at the folder of its file.</param>
    public void Add(string text, ConfigNode at)
    {
        if (PathOf(text, at) is not { } path)
        {
            return;
        }

        if (!path.AsSpan().ContainsAny('*', '?', '[') || File.Exists(path))
        {
            AddOne(path, at);
            return;
        }

        foreach (var file in Expand(path, at))
        {
            Take(file, at);
        }
    }

    private string? PathOf(string text, ConfigNode at)
    {
        var isHome = text == "~" || text.StartsWith("~/", StringComparison.Ordinal) || (OperatingSystem.IsWindows() && text.StartsWith("~\\", StringComparison.Ordinal));
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal) || (isHome && home is null))
        {
            issues.Error(at, isHome ? "begins with ~, and there is no home folder" : "is no path", "Write the path of a file, e.g. ~/.cursor/mcp.json");
            return null;
        }

        return Path.GetFullPath(isHome ? Path.Join(home, text[1..]) : text, Path.GetDirectoryName(at.Mark.File)!);
    }

    private void AddOne(string path, ConfigNode at)
    {
        _watched.Add(path);
        if (Directory.Exists(path))
        {
            issues.Warning(at, $"names a folder, {path}, which is not looked into", "Name a file in it, or all of them: write /*.json behind it");
        }
        else if (File.Exists(path))
        {
            Take(path, at);
        }
        else
        {
            issues.Warning(at, $"names a file that is not there, {path}", "Nothing is included until it is: mend the path, or remove it from include");
        }
    }

    private void Take(string file, ConfigNode at)
    {
        if (_files.Contains(file, StringComparer.Ordinal))
        {
            return;
        }

        if (_files.Count == MostFiles)
        {
            issues.Error(at, $"leads to more than {MostFiles} files", "Name fewer of them");
            return;
        }

        _files.Add(file);
        _watched.Add(file);
    }

    /// <summary>The files that fit, in the order of their paths.</summary>
    private ImmutableArray<string> Expand(string path, ConfigNode at)
    {
        var root = Path.GetPathRoot(path)!;
        List<string> found = [root];
        var segments = path[root.Length..].Split(Path.DirectorySeparatorChar);
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            var isLast = i == segments.Length - 1;
            found = segment.AsSpan().ContainsAny('*', '?', '[') ? [.. found.SelectMany(folder => Match(folder, segment, isLast, at)).Take(MostEntries + 1)] : [.. found.Select(folder => Path.Join(folder, segment))];
            if (found.Count > MostEntries)
            {
                issues.Error(at, $"leads to more than {MostEntries} files and folders", "Write a pattern that fits fewer of them");
                return [];
            }
        }

        return [.. found.Where(File.Exists).Order(StringComparer.Ordinal)];
    }

    private IEnumerable<string> Match(string folder, string pattern, bool isLast, ConfigNode at)
    {
        // Whoever appears in it is to be noticed.
        _watched.Add(folder);
        try
        {
            if (!Directory.Exists(folder))
            {
                return [];
            }

            List<string> names = [.. (isLast ? Directory.EnumerateFiles(folder) : Directory.EnumerateDirectories(folder)).Take(MostEntries + 1).Select(entry => Path.GetFileName(entry)!)];
            if (names.Count > MostEntries)
            {
                issues.Error(at, $"leads into a folder with more than {MostEntries} entries, {folder}", "Name another folder, or the files themselves");
                return [];
            }

            // What is hidden is named by who means it, as shells have it.
            return names.Where(name => (name[0] != '.' || pattern[0] == '.') && Glob.Matches(pattern, name)).Select(name => Path.Join(folder, name));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            issues.Warning(at, $"leads into a folder that cannot be listed, {folder} ({e.GetType().Name})", "Give this user the right to read it, or remove it from include");
            return [];
        }
    }
}
