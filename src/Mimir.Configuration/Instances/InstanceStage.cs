using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Merging;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Instances;

/// <summary>
/// Adds the servers of <c>data/NAME/mcp_settings.json</c> to the tree of the other files: one instance a file, or several under
/// <c>mcpServers</c>. The bounds are those that such files have where they come from; what is said about shells there is not needed
/// here, where there is none.
/// </summary>
internal static class InstanceStage
{
    /// <summary>Adds. A name that another file has is an error that names both places.</summary>
    /// <param name="root">The tree of the other files.</param>
    /// <param name="files">Full paths of the instances' files.</param>
    /// <param name="issues">Told what is wrong.</param>
    public static ConfigNode Add(ConfigNode root, ImmutableArray<string> files, IssueList issues)
    {
        foreach (var file in files)
        {
            if (BoundedFile.Read(file, issues) is { } bytes && JsonTree.Read(bytes, file, KeyPath.Top, issues) is { } tree)
            {
                root = ServerMerge.Merge(root, Servers(tree, Path.GetFileName(Path.GetDirectoryName(file)!), issues), issues);
            }
        }

        return root;
    }

    private static ImmutableArray<ConfigMember> Servers(ConfigNode tree, string folder, IssueList issues)
    {
        if (tree.Find(ServerMerge.Key) is not { } several)
        {
            return [Server(tree, folder, issues)];
        }

        foreach (var other in tree.Members.Where(m => m != several))
        {
            issues.Error(other.Mark, tree.Path.Member(other.Name), "stands beside mcpServers", "Write it into an entry of mcpServers, or write one instance without mcpServers");
        }

        if (several.Value.Kind != ConfigKind.Object)
        {
            issues.WrongKind(several.Value, "an object", """an object: "mcpServers": { "NAME": { "command": "..." } }""");
        }

        return [.. several.Value.Members.Select(m => Server(m.Value, m.Name, issues))];
    }

    private static ConfigMember Server(ConfigNode instance, string name, IssueList issues)
    {
        var members = ImmutableArray.CreateBuilder<ConfigMember>();
        var mark = instance.Mark;
        foreach (var (spec, node) in KnownMembers.Of(instance, InstanceKeys.Entry, issues))
        {
            switch (spec.Name)
            {
                case "name" when Word(spec, node, issues):
                    (name, mark) = (node.Text, node.Mark);
                    break;
                case "provider" or "metadata" or "name":
                    break;
                case "isActive":
                    members.Add(new ConfigMember("enabled", node.Mark, node));
                    break;
                default:
                    Bound(spec, node, issues);
                    members.Add(new ConfigMember(spec.Name, node.Mark, node));
                    break;
            }
        }

        return new ConfigMember(name, mark, ConfigNode.Object(instance.Mark, instance.Path, members.ToImmutable()));
    }

    private static bool Word(KeySpec spec, ConfigNode node, IssueList issues)
    {
        if (node.Kind == ConfigKind.String && node.Text.Length >= spec.Min && node.Text.Length <= spec.Max && !Expander.Holds(node.Text))
        {
            return true;
        }

        issues.Error(node, "is no name of a server", $"Write {spec.Bounds} characters, without variables, e.g. {spec.Example}");
        return false;
    }

    private static void Bound(KeySpec spec, ConfigNode node, IssueList issues)
    {
        switch (spec.Name)
        {
            case "command":
                Bound(node, spec.Max, issues);
                break;
            case "args":
                Count(spec, node, node.Items.Length, issues);
                foreach (var item in node.Items)
                {
                    Bound(item, InstanceKeys.MaxArgument, issues);
                }

                break;
            case "env":
                Count(spec, node, node.Members.Length, issues);
                foreach (var variable in node.Members)
                {
                    Bound(variable.Value, InstanceKeys.MaxValue, issues);
                    if (variable.Name.Length > InstanceKeys.MaxVariable)
                    {
                        issues.Error(variable.Mark, node.Path.Member(variable.Name), $"has a name of {variable.Name.Length} characters", $"Write at most {InstanceKeys.MaxVariable}");
                    }
                }

                break;
        }
    }

    private static void Count(KeySpec spec, ConfigNode node, int count, IssueList issues)
    {
        if (count > spec.Max)
        {
            issues.Error(node, $"has {count} entries", $"Write at most {spec.Max}; servers/NAME.json takes more");
        }
    }

    private static void Bound(ConfigNode node, long most, IssueList issues)
    {
        if (node.Text.Length > most)
        {
            issues.Error(node, $"has {node.Text.Length} characters", $"Write at most {most}; servers/NAME.json takes more");
        }
    }
}
