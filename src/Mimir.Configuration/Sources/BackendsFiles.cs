using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Sources;

/// <summary>Where a backends file is looked for.</summary>
internal static class BackendsFiles
{
    /// <summary>The environment variable that names one.</summary>
    public const string Variable = "MCP_BACKENDS_CONFIG";

    /// <summary>The name of one.</summary>
    public const string Name = "backends.yaml";

    private static readonly string[] Places = ["config/backends.yaml", "config/backends.yml", Name, "backends.yml"];

    /// <summary>Whether a file is one, by its name.</summary>
    public static bool IsOne(string path) => path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the environment names: a full path, or null.</summary>
    public static string? Named(IEnvironment environment) => environment.Get(Variable) is { Length: > 0 } named ? Path.GetFullPath(named) : null;

    /// <summary>Finds the file: the one that is named, else the first that is there of those that a folder may hold.</summary>
    /// <param name="folder">Full path of the folder of the configuration.</param>
    /// <param name="named">Full path that somebody named, or null.</param>
    /// <param name="issues">Told when the named one is not there, and when there are several.</param>
    public static string? Find(string folder, string? named, IssueList issues)
    {
        if (named is not null)
        {
            if (Path.Exists(named) && !Directory.Exists(named))
            {
                return named;
            }

            issues.Error(
                named,
                Directory.Exists(named) ? $"is a folder ({Variable} names it)" : $"does not exist ({Variable} names it)",
                $"Create the file, name another one, or unset {Variable}");
            return null;
        }

        var found = Places.Select(place => Path.Combine(folder, place)).Where(path => Path.Exists(path) || new FileInfo(path).LinkTarget is not null).ToArray();
        if (found.Length > 1)
        {
            issues.Warning(ConfigMark.Whole(found[1]), KeyPath.Top, $"is not read, because {found[0]} is there", "Remove one of the two");
        }

        return found.Length == 0 ? null : found[0];
    }
}
