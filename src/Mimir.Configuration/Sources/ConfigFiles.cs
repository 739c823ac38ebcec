using System.Collections.Immutable;
using Mimir.Configuration.Issues;

namespace Mimir.Configuration.Sources;

/// <summary>The files that make up a configuration.</summary>
/// <param name="Folder">Full path of the folder that relative paths in the configuration start at.</param>
/// <param name="Main">Full path of the main file, or null when there is none.</param>
/// <param name="Servers">Full paths of the files with one server each, in the order of their names.</param>
internal sealed record ConfigFiles(string Folder, string? Main, ImmutableArray<string> Servers)
{
    /// <summary>Full path of the backends file, or null when there is none.</summary>
    public string? Backends { get; init; }

    /// <summary>Full paths of the files with one namespace each, in the order of their names.</summary>
    public ImmutableArray<string> Namespaces { get; init; } = [];

    /// <summary>All of them, in the order in which they are read.</summary>
    public ImmutableArray<string> All => [.. One(Main), .. Servers, .. Namespaces, .. One(Backends)];

    /// <summary>The name of the main file in a folder.</summary>
    public const string MainName = "mimir.json";

    /// <summary>The name of the folder of servers in a folder.</summary>
    public const string ServersName = "servers";

    /// <summary>The name of the folder of namespaces in a folder.</summary>
    public const string NamespacesName = "namespaces";

    /// <summary>What the name of a server's or namespace's file ends with.</summary>
    public const string ServerSuffix = ".json";

    /// <summary>Most files of servers, and most of namespaces.</summary>
    public const int MaxServers = 1000;

    /// <summary>Looks at the disk.</summary>
    /// <param name="location">Where to look.</param>
    /// <param name="backends">Full path of the backends file that somebody named; null when nobody did.</param>
    /// <param name="issues">Told what is missing.</param>
    /// <param name="overlay">Files as they would be; null for those that are.</param>
    public static ConfigFiles List(ConfigLocation location, string? backends, IssueList issues, ConfigOverlay? overlay = null)
    {
        if (Directory.Exists(location.Path))
        {
            var files = ListFolder(location, backends, issues, overlay);
            return files.Main is null && files.Servers.IsEmpty && files.Namespaces.IsEmpty && files.Backends is { } only ? files with { Folder = FolderOf(only) } : files;
        }

        // Anything else that is there counts as a file: a pipe has no name the file system would call one.
        if (Path.Exists(location.Path))
        {
            return File(location, backends, issues);
        }

        if (!location.IsExplicit && BackendsFiles.Find(location.Path, backends, issues) is { } alone)
        {
            return new ConfigFiles(FolderOf(alone), null, []) { Backends = alone };
        }

        if (location.IsExplicit)
        {
            issues.Error(
                location.Path,
                $"does not exist ({location.NamedBy} names it)",
                location.NamedBy == ConfigLocation.Variable
                    ? $"Create it, or unset {ConfigLocation.Variable}"
                    : $"Create it, name another file or folder with --config, or leave --config out for ~/.config/mimir");
        }

        return new ConfigFiles(location.Path, null, []);
    }

    private static ImmutableArray<string> One(string? file) => file is null ? [] : [file];

    private static string FolderOf(string file) => Path.GetDirectoryName(file) ?? file;

    private static ConfigFiles File(ConfigLocation location, string? backends, IssueList issues)
    {
        if (backends is not null && backends != location.Path)
        {
            issues.Warning(
                Tree.ConfigMark.Whole(backends),
                Tree.KeyPath.Top,
                $"is not read, although {BackendsFiles.Variable} names it: {location.NamedBy} names a file, which is read alone",
                $"Unset {BackendsFiles.Variable}, or name the folder instead of the file");
        }

        return BackendsFiles.IsOne(location.Path)
            ? new ConfigFiles(FolderOf(location.Path), null, []) { Backends = location.Path }
            : new ConfigFiles(FolderOf(location.Path), location.Path, []);
    }

    private static ConfigFiles ListFolder(ConfigLocation location, string? backends, IssueList issues, ConfigOverlay? overlay)
    {
        var main = Path.Combine(location.Path, MainName);

        // A link into nowhere is there and cannot be read: an error, not an empty configuration.
        var hasMain = Path.Exists(main) || new FileInfo(main).LinkTarget is not null;
        var servers = ListEntries(Path.Combine(location.Path, ServersName), "servers", issues, overlay);
        var namespaces = ListEntries(Path.Combine(location.Path, NamespacesName), "namespaces", issues, overlay);
        var yaml = BackendsFiles.Find(location.Path, backends, issues);
        if (!hasMain && servers.IsEmpty && namespaces.IsEmpty && yaml is null && location.IsExplicit && !issues.HasErrors)
        {
            issues.Warning(
                Tree.ConfigMark.Whole(location.Path),
                Tree.KeyPath.Top,
                $"holds neither {MainName} nor {ServersName}/*{ServerSuffix} nor {BackendsFiles.Name}, so no server is configured",
                $"Create {MainName} there, or name another folder");
        }

        return new ConfigFiles(location.Path, hasMain ? main : null, servers) { Namespaces = namespaces, Backends = yaml };
    }

    private static ImmutableArray<string> ListEntries(string folder, string what, IssueList issues, ConfigOverlay? overlay)
    {
        try
        {
            var names = new List<string>();
            string[] there = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
            foreach (var path in overlay?.Over(folder, there) ?? there)
            {
                // Hidden files are what editors and half-finished saves leave behind.
                if (path.EndsWith(ServerSuffix, StringComparison.Ordinal) && Path.GetFileName(path)[0] != '.')
                {
                    names.Add(path);
                }
            }

            names.Sort(StringComparer.Ordinal);
            if (names.Count > MaxServers)
            {
                issues.Error(folder, $"holds {names.Count} {what}, more than {MaxServers}", "Move some of them away");
                names.RemoveRange(MaxServers, names.Count - MaxServers);
            }

            return [.. names];
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            issues.Error(folder, $"cannot be listed ({exception.GetType().Name})", "Give this user the right to read the folder");
            return [];
        }
    }
}
