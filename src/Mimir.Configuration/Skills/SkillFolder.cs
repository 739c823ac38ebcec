using System.Collections.Immutable;
using System.IO.Enumeration;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Plugins;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Skills;

/// <summary>Finds the files of skills or agents in a folder and those below it.</summary>
internal static class SkillFolder
{
    /// <summary>Most files of one kind.</summary>
    public const int MaxFiles = 500;

    /// <summary>How many folders lie above a file at most, the folder of the kind not counted.</summary>
    public const int MaxDepth = 5;

    /// <summary>The file that makes the folder around it one skill: what else is in there belongs to it.</summary>
    public const string Whole = "SKILL.md";

    // What is looked at four times a second has to end, whatever folder somebody names.
    private const int MaxSeen = 5000;
    private static readonly EnumerationOptions Plain = new() { AttributesToSkip = 0, ReturnSpecialDirectories = false };

    /// <summary>Looks at the disk.</summary>
    /// <param name="root">Full path of the folder; one that is not there holds nothing.</param>
    /// <param name="issues">Told what could not be looked at.</param>
    /// <returns>Full paths, in the order of their names.</returns>
    public static ImmutableArray<string> List(string root, IssueList issues)
    {
        if (!Directory.Exists(root))
        {
            return [];
        }

        var files = new List<string>();
        var seen = 0;
        var isWhole = Walk(root, root, 0, files, ref seen, issues);
        files.Sort(StringComparer.Ordinal);
        if (files.Count > MaxFiles)
        {
            Warn(root, $"holds {files.Count} files, more than {MaxFiles}, and those behind are set aside", "Move some of them away", issues);
            files.RemoveRange(MaxFiles, files.Count - MaxFiles);
        }
        else if (!isWhole)
        {
            Warn(root, $"holds more than {MaxSeen} files and folders, and the rest is not looked at", "Name a folder that holds nothing else", issues);
        }

        return [.. files];
    }

    /// <returns>False once too much was seen.</returns>
    private static bool Walk(string root, string folder, int depth, List<string> files, ref int seen, IssueList issues)
    {
        List<Entry> entries;
        try
        {
            entries = [.. new FileSystemEnumerable<Entry>(folder, Entry.Of, Plain) { ShouldIncludePredicate = static (ref e) => e.FileName[0] != '.' }.Take(MaxSeen - seen + 1)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Warn(folder, $"cannot be listed ({e.GetType().Name})", "Give this user the right to read the folder", issues);
            return true;
        }

        seen += entries.Count;
        if (seen > MaxSeen)
        {
            return false;
        }

        if (depth > 0 && entries.Find(static e => !e.IsFolder && e.Name == Whole) is { } whole)
        {
            Add(root, folder, whole, files, issues);
            return true;
        }

        foreach (var entry in entries)
        {
            if (!entry.IsFolder)
            {
                if (entry.Name.EndsWith(".md", StringComparison.OrdinalIgnoreCase) && !entry.Name.Equals("README.md", StringComparison.OrdinalIgnoreCase))
                {
                    Add(root, folder, entry, files, issues);
                }
            }
            else if (entry.IsLink)
            {
                // What lies within is found at its own place.
                _ = IsWithin(root, Path.Combine(folder, entry.Name), issues);
            }
            else if (depth < MaxDepth && entry.Name is not ("node_modules" or "__pycache__" or "venv")
                && !Walk(root, Path.Combine(folder, entry.Name), depth + 1, files, ref seen, issues))
            {
                return false;
            }
        }

        return true;
    }

    private static void Add(string root, string folder, Entry entry, List<string> files, IssueList issues)
    {
        var file = Path.Combine(folder, entry.Name);
        if (!entry.IsLink || IsWithin(root, file, issues))
        {
            files.Add(file);
        }
    }

    private static bool IsWithin(string root, string link, IssueList issues)
    {
        if (new PluginFolder(root).Find(Path.GetRelativePath(root, link)) is not null)
        {
            return true;
        }

        Warn(link, "is a link that leads to no place within the folder, and is not followed", "Put a file in its place, or name the folder that it leads to under skills in mimir.json", issues);
        return false;
    }

    private static void Warn(string path, string message, string remedy, IssueList issues) => issues.Warning(ConfigMark.Whole(path), KeyPath.Top, message, remedy);

    private sealed record Entry(string Name, bool IsFolder, bool IsLink)
    {
        public static Entry Of(ref FileSystemEntry entry) =>
            new(entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0);
    }
}
