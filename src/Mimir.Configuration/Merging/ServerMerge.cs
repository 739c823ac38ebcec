using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Merging;

/// <summary>Adds servers from files of their own to the tree of the main file.</summary>
internal static class ServerMerge
{
    /// <summary>The key that holds servers.</summary>
    public const string Key = "mcpServers";

    /// <summary>The same as another client writes it.</summary>
    public const string Alias = "servers";

    /// <summary>Merges. A name in both places is an error that names both; the main file's stays.</summary>
    /// <param name="root">The tree of the main file.</param>
    /// <param name="servers">The servers of the other files, in order.</param>
    /// <param name="issues">Told about clashes.</param>
    /// <returns>A tree with all servers under the key that the main file uses: its own first.</returns>
    public static ConfigNode Merge(ConfigNode root, ImmutableArray<ConfigMember> servers, IssueList issues) =>
        EntryMerge.Merge(root, Key, Alias, "server", """{ "command": "..." }""", servers, issues);
}
