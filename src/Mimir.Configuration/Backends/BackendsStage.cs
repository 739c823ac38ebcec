using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Merging;
using Mimir.Configuration.Model;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Backends;

/// <summary>Adds a backends file, and the environment that goes with it, to the tree of the other files.</summary>
internal static class BackendsStage
{
    /// <summary>Adds. Servers of the other files come first; a name in both is an error that names both places.</summary>
    /// <param name="root">The tree of the other files.</param>
    /// <param name="use">The file.</param>
    /// <param name="environment">Where variables are looked up.</param>
    /// <param name="issues">Told what is wrong.</param>
    public static (ConfigNode Root, BackendsUse Use) Add(ConfigNode root, BackendsUse use, IEnvironment environment, IssueList issues)
    {
        var values = new ValueReader(issues, new Expander(environment, issues), mayLack: false);
        var variables = new BackendsVariables(environment, values, issues);
        var defaults = variables.Read();
        use = variables.Read(use);
        if (BoundedFile.Read(use.File, issues, use.IsNamed) is not { } bytes || YamlTree.Read(bytes, use.File, issues, "Write \"backends: []\" for none") is not { } tree)
        {
            return (root, use);
        }

        var (servers, top) = new BackendsTree(defaults, values, issues).Turn(tree);
        root = GroupMerge.Add(ServerMerge.Merge(root, servers, issues), top, issues);
        root = GroupMerge.Default(root, "naming", "prefix", defaults.Prefix);
        root = GroupMerge.Default(root, "retry", "maxRetries", defaults.MaxRetries);
        root = GroupMerge.Default(root, "retry", "multiplier", defaults.Multiplier);
        root = GroupMerge.Default(root, "retry", "maxBackoff", defaults.MaxBackoff);
        if (use.IsMain)
        {
            var separator = ConfigNode.Scalar(ConfigKind.String, ConfigMark.Whole(use.File), KeyPath.Top.Member("naming").Member("separator"), ".");
            root = GroupMerge.Default(root, "naming", "separator", separator);
        }

        return (root, use);
    }
}
