using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Merging;

/// <summary>Adds namespaces from files of their own to the tree of the main file.</summary>
internal static class NamespaceMerge
{
    /// <summary>The key that holds namespaces.</summary>
    public const string Key = "namespaces";

    /// <summary>Merges; see <see cref="EntryMerge.Merge"/>.</summary>
    public static ConfigNode Merge(ConfigNode root, ImmutableArray<ConfigMember> namespaces, IssueList issues) =>
        EntryMerge.Merge(root, Key, null, "namespace", """{ "servers": [] }""", namespaces, issues);
}
