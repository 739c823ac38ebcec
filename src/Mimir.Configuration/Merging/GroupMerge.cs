using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Merging;

/// <summary>Adds groups of keys (<c>naming</c>, <c>limits</c>, <c>retry</c>, <c>clusters</c>) of another file to the tree of the main file.</summary>
internal static class GroupMerge
{
    /// <summary>Adds every group. What both files say is an error that names both places; the main file's stays.</summary>
    /// <param name="root">The tree so far.</param>
    /// <param name="top">An object of groups.</param>
    /// <param name="issues">Told about clashes.</param>
    public static ConfigNode Add(ConfigNode root, ConfigNode top, IssueList issues)
    {
        foreach (var group in top.Members)
        {
            if (root.Kind != ConfigKind.Object)
            {
                return root;
            }

            if (root.Find(group.Name) is not { } own)
            {
                root = With(root, root.Members.Add(group));
                continue;
            }

            if (group.Value.Kind != ConfigKind.Object)
            {
                issues.WrongKind(group.Value, "an object", "its keys below it");
            }

            var merged = own.Value.Members;
            foreach (var member in group.Value.Members)
            {
                if (Find(own.Value, group.Name, member.Name) is { } first)
                {
                    issues.Error(member.Mark, group.Value.Path.Member(member.Name), $"is said twice: here and in {first.Mark}", "Remove one of the two");
                }
                else
                {
                    merged = merged.Add(member);
                }
            }

            root = Replace(root, own, merged);
        }

        return root;
    }

    /// <summary>Adds one key of a group unless it is there.</summary>
    /// <param name="root">The tree so far.</param>
    /// <param name="group">The group's key at the top.</param>
    /// <param name="name">The key in it.</param>
    /// <param name="value">Its value; null to add nothing.</param>
    public static ConfigNode Default(ConfigNode root, string group, string name, ConfigNode? value)
    {
        if (value is null || root.Kind != ConfigKind.Object)
        {
            return root;
        }

        var member = new ConfigMember(name, value.Mark, value);
        if (root.Find(group) is not { } own)
        {
            var added = ConfigNode.Object(value.Mark, root.Path.Member(group), [member]);
            return With(root, root.Members.Add(new ConfigMember(group, value.Mark, added)));
        }

        return own.Value.Kind == ConfigKind.Object && Find(own.Value, group, name) is null ? Replace(root, own, own.Value.Members.Add(member)) : root;
    }

    /// <summary>A key of a group in any of its spellings; a cluster by its name.</summary>
    private static ConfigMember? Find(ConfigNode node, string group, string name)
    {
        var table = RouterKeys.Table.Find(group) is { Type: KeyType.Group, Group: { } keys } ? keys : null;
        var spec = table?.Find(name);
        return spec is null ? node.Find(name) : node.Members.FirstOrDefault(member => table!.Find(member.Name) == spec);
    }

    private static ConfigNode Replace(ConfigNode root, ConfigMember own, ImmutableArray<ConfigMember> members) =>
        With(root, root.Members.Replace(own, own with { Value = ConfigNode.Object(own.Value.Mark, own.Value.Path, members) }));

    private static ConfigNode With(ConfigNode root, ImmutableArray<ConfigMember> members) =>
        ConfigNode.Object(root.Mark, root.Path, members);
}
