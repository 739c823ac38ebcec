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

    /// <summary>Full paths of the manifests of plugins, in the order of the names of their folders.</summary>
    public ImmutableArray<string> Plugins { get; init; } = [];

    /// <summary>Full paths of the settings of instances, in the order of the names of their folders.</summary>
    public ImmutableArray<string> Instances { get; init; } = [];

    /// <summary>Full paths of the files of the inventory, in the order of their names.</summary>
    public ImmutableArray<string> Inventory { get; init; } = [];

    /// <summary>Full paths of the profiles, in the order of their names.</summary>
    public ImmutableArray<string> Profiles { get; init; } = [];

    /// <summary>Full path of the file that says which plugins were switched on and off, or null when there is none.</summary>
    public string? Switches { get; init; }

    /// <summary>All of them, in the order in which they are read.</summary>
    public ImmutableArray<string> All => [.. One(Main), .. Servers, .. Instances, .. Namespaces, .. One(Backends), .. Inventory, .. Profiles, .. One(Switches), .. Plugins];

    /// <summary>The name of the main file in a folder.</summary>
    public const string MainName = "mimir.json";

    /// <summary>The name of the main file of mcpmu and of the router of instances, which is read where there is no other.</summary>
    public const string McpmuName = "config.json";

    /// <summary>The name of the folder of servers in a folder.</summary>
    public const string ServersName = "servers";

    /// <summary>The name of the folder of namespaces in a folder.</summary>
    public const string NamespacesName = "namespaces";

    /// <summary>What the name of a server's or namespace's file ends with.</summary>
    public const string ServerSuffix = ".json";

    /// <summary>Most files of servers, and most of namespaces.</summary>
    public const int MaxServers = 1000;

    /// <summary>The name of the folder of plugins in a folder.</summary>
    public const string PluginsName = "plugins";

    /// <summary>The name of the folder of skills in a folder.</summary>
    public const string SkillsName = "skills";

    /// <summary>The name of the folder of agents in a folder.</summary>
    public const string AgentsName = "agents";

    /// <summary>The name of a plugin's manifest in its folder.</summary>
    public const string ManifestName = "plugin.toml";

    /// <summary>The name of the file in the folder of plugins that says which of them were switched on and off. Commands write it.</summary>
    public const string SwitchesName = ".switched.json";

    /// <summary>The name of the folder of the inventory in a folder.</summary>
    public const string InventoryName = "inventory";

    /// <summary>The name of the folder of instances in a folder.</summary>
    public const string InstancesName = "data";

    /// <summary>The name of the settings of an instance in its folder.</summary>
    public const string InstanceName = "mcp_settings.json";

    private const int MaxFolders = 1000, MaxYaml = 1000;

    /// <summary>Looks at the disk.</summary>
    /// <param name="location">Where to look.</param>
    /// <param name="backends">Full path of the backends file that somebody named; null when nobody did.</param>
    /// <param name="issues">Told what is missing.</param>
    /// <param name="overlay">Files as they would be; null for those that are.</param>
    public static ConfigFiles List(ConfigLocation location, string? backends, IssueList issues, ConfigOverlay? overlay = null)
    {
        if (Directory.Exists(location.Path) || overlay?.IsFor(location.Path) == true)
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
        if (!hasMain && System.IO.File.Exists(Path.Combine(location.Path, McpmuName)))
        {
            (main, hasMain) = (Path.Combine(location.Path, McpmuName), true);
        }

        var servers = ListEntries(Path.Combine(location.Path, ServersName), "servers", issues, overlay);
        var namespaces = ListEntries(Path.Combine(location.Path, NamespacesName), "namespaces", issues, overlay);
        var plugins = ListFolders(Path.Combine(location.Path, PluginsName), "plugins", ManifestName, issues);
        var instances = ListFolders(Path.Combine(location.Path, InstancesName), "instances", InstanceName, issues);
        var yaml = BackendsFiles.Find(location.Path, backends, issues);
        if (!hasMain && servers.IsEmpty && namespaces.IsEmpty && plugins.IsEmpty && instances.IsEmpty && yaml is null && location.IsExplicit && !issues.HasErrors
            && !Directory.Exists(Path.Combine(location.Path, SkillsName)) && !Directory.Exists(Path.Combine(location.Path, AgentsName)))
        {
            issues.Warning(
                Tree.ConfigMark.Whole(location.Path),
                Tree.KeyPath.Top,
                $"holds neither {MainName} nor {ServersName}/*{ServerSuffix} nor {PluginsName}/*/{ManifestName} nor {BackendsFiles.Name}, so no server is configured",
                $"Create {MainName} there, or name another folder");
        }

        return new ConfigFiles(location.Path, hasMain ? main : null, servers)
        {
            Namespaces = namespaces,
            Backends = yaml,
            Plugins = plugins,
            Instances = instances,
            Inventory = ListFiles(Path.Combine(location.Path, InventoryName), MaxYaml, "files", BackendsFiles.IsOne, issues, overlay),
            Switches = Path.Combine(location.Path, PluginsName, SwitchesName) is var switches && (overlay?.Files.ContainsKey(switches) == true || Path.Exists(switches)) ? switches : null,
            Profiles = ListFiles(Path.Combine(location.Path, "profiles"), MaxYaml, "files", BackendsFiles.IsOne, issues),
        };
    }

    private static ImmutableArray<string> ListEntries(string folder, string what, IssueList issues, ConfigOverlay? overlay) =>
        ListFiles(folder, MaxServers, what, static path => path.EndsWith(ServerSuffix, StringComparison.Ordinal), issues, overlay);

    /// <summary>A file of one name in each folder; folders that begin with a dot or an underscore are passed over.</summary>
    private static ImmutableArray<string> ListFolders(string folder, string what, string file, IssueList issues) => List(
        folder,
        MaxFolders,
        what,
        folder => Directory.Exists(folder)
            ? Directory.GetDirectories(folder)
                .Where(static path => Path.GetFileName(path)[0] is not ('.' or '_'))
                .Select(path => Path.Combine(path, file))
                .Where(static path => Path.Exists(path))
            : [],
        issues);

    private static ImmutableArray<string> ListFiles(string folder, int most, string what, Func<string, bool> isOne, IssueList issues, ConfigOverlay? overlay = null) => List(
        folder,
        most,
        what,
        folder =>
        {
            string[] there = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];

            // Hidden files are what editors and half-finished saves leave behind.
            return (overlay?.Over(folder, there) ?? there).Where(path => isOne(path) && Path.GetFileName(path)[0] != '.');
        },
        issues);

    private static ImmutableArray<string> List(string folder, int most, string what, Func<string, IEnumerable<string>> list, IssueList issues)
    {
        try
        {
            var paths = list(folder).ToList();
            paths.Sort(StringComparer.Ordinal);
            if (paths.Count > most)
            {
                issues.Error(folder, $"holds {paths.Count} {what}, more than {most}", "Move some of them away");
                paths.RemoveRange(most, paths.Count - most);
            }

            return [.. paths];
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            issues.Error(folder, $"cannot be listed ({exception.GetType().Name})", "Give this user the right to read the folder");
            return [];
        }
    }
}
