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
    public static ConfigNode Merge(ConfigNode root, ImmutableArray<ConfigMember> servers, IssueList issues)
    {
        if (servers.IsEmpty || root.Kind != ConfigKind.Object)
        {
            return root;
        }

        if ((root.Find(Key) ?? root.Find(Alias)) is not { } own)
        {
            var added = ConfigNode.Object(root.Mark, root.Path.Member(Key), servers);
            return With(root, root.Members.Add(new ConfigMember(Key, root.Mark, added)));
        }

        if (own.Value.Kind != ConfigKind.Object)
        {
            // Reported here, because the tree has room for only one node under the key.
            issues.WrongKind(own.Value, "an object", $$"""an object: "{{own.Name}}": { "NAME": { "command": "..." } }""");
        }

        var merged = own.Value.Members.ToBuilder();
        var known = new Dictionary<string, ConfigMember>(StringComparer.Ordinal);
        foreach (var member in own.Value.Members)
        {
            known.Add(member.Name, member);
        }

        foreach (var server in servers)
        {
            if (known.TryGetValue(server.Name, out var first))
            {
                issues.Error(
                    server.Mark,
                    server.Value.Path,
                    $"this server is configured twice: here and in {first.Mark}",
                    "Remove one of the two, or give one another name");
            }
            else
            {
                merged.Add(server);
            }
        }

        var value = ConfigNode.Object(own.Value.Mark, own.Value.Path, merged.ToImmutable());
        return With(root, root.Members.Replace(own, own with { Value = value }));
    }

    private static ConfigNode With(ConfigNode root, ImmutableArray<ConfigMember> members) => ConfigNode.Object(root.Mark, root.Path, members);
}
