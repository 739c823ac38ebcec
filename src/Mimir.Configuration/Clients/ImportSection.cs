using System.Collections.Immutable;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Clients;

/// <summary>Servers that stand together in a file of a client.</summary>
/// <param name="Servers">Their names and entries.</param>
/// <param name="Project">Full path of the folder in which the client starts them; null for no certain one.</param>
internal sealed record ImportSection(ImmutableArray<ConfigMember> Servers, string? Project)
{
    // In words of the clients: most of them; VS Code, a file of its own and in its settings; Codex; Zed.
    private static readonly string[][] Keys = [["mcpServers"], ["servers"], ["mcp", "servers"], ["mcp_servers"], ["context_servers"]];

    /// <summary>The keys under which servers are looked for, for messages.</summary>
    public static string KeysInWords => string.Join(", ", Keys.Select(keys => string.Join('.', keys)));

    /// <summary>Finds them, wherever in a file a client may have them.</summary>
    /// <param name="root">What the file holds.</param>
    /// <param name="project">The folder of its project, if it is of one.</param>
    public static IEnumerable<ImportSection> Find(ConfigNode root, string? project)
    {
        foreach (var keys in Keys)
        {
            var node = root;
            foreach (var key in keys)
            {
                node = node?.Find(key)?.Value;
            }

            if (node is { Kind: ConfigKind.Object, Members.IsEmpty: false })
            {
                yield return new ImportSection(node.Members, project);
            }
        }

        // Claude Code keeps what it was told in a folder under the folder's path.
        foreach (var folder in root.Find("projects")?.Value.Members ?? [])
        {
            if (folder.Value.Find("mcpServers")?.Value is { Kind: ConfigKind.Object, Members.IsEmpty: false } servers)
            {
                yield return new ImportSection(servers.Members, folder.Name);
            }
        }
    }
}
