using System.Text.Json.Nodes;
using Mimir.Embed.Attributes;
using Mimir.Embed.Tools;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>The tool that tells what is in the scene.</summary>
/// <param name="scene">The scene.</param>
internal sealed class HierarchyTools(HostScene scene)
{
    /// <summary>Readers of JSON give up at 64 levels; a node takes two.</summary>
    private const int MostDepth = 24;

    private const int MostNodes = 5000;

    /// <summary>Most characters of all paths together.</summary>
    private const int MostText = 1_000_000;

    [McpTool("scene_hierarchy_inspect", "Tells the nodes of the scene with ids, paths and children: roots first, then their children. Where a node has more than is told, childrenLeft says how many.", IsReadOnly = true)]
    public ToolResult Inspect(
        [McpToolParam(nameof(path), "Where to begin: Root/Child/Name, or an id: #42. Default the roots.", MaxLength = Lookup.MostPath)] string? path = null,
        [McpToolParam("max_depth", "How many levels are told.", Minimum = 1, Maximum = MostDepth)] int maxDepth = 16,
        [McpToolParam(nameof(limit), "How many nodes are told at most.", Minimum = 1, Maximum = MostNodes)] int limit = 500,
        [McpToolParam(nameof(offset), "How many roots, or children of path, are passed over.", Minimum = 0)] int offset = 0)
    {
        var graph = scene.Graph;
        var start = string.IsNullOrEmpty(path) ? null : Lookup.Node(graph, path);
        var told = new JsonArray();
        var open = new Queue<(IReadOnlyList<ISceneNode> Nodes, int Skip, JsonArray Into, JsonObject? Owner, string Prefix, int Depth)>();
        var (shown, text, isCut, rootsLeft) = (0, 0, false, 0);
        if (start is null) open.Enqueue((graph.Roots, offset, told, null, "", 1));
        else Tell(start, start.Path, told, 1, offset);
        while (open.Count > 0)
        {
            var (nodes, skip, into, owner, prefix, depth) = open.Dequeue();
            var next = Math.Min(skip, nodes.Count);
            if (depth <= maxDepth)
            {
                while (next < nodes.Count && shown < limit && text < MostText)
                {
                    Tell(nodes[next], prefix + nodes[next].Name, into, depth, 0);
                    next++;
                }
            }

            var left = nodes.Count - next;
            if (left == 0) continue;
            isCut = true;
            if (owner is null) rootsLeft = left;
            else owner["childrenLeft"] = left;
        }

        var answer = new JsonObject { ["scene"] = graph.Name, ["rootCount"] = graph.Roots.Count, ["hierarchy"] = told };
        if (isCut)
        {
            answer["shown"] = shown;
            if (rootsLeft > 0) answer["rootsLeft"] = rootsLeft;
            answer["note"] = "There is more than is told: give path for one node, offset for its next children, limit or max_depth for more at a time.";
        }

        return ToolResult.Structured(answer);

        void Tell(ISceneNode node, string at, JsonArray into, int depth, int skip)
        {
            var children = new JsonArray();
            var one = new JsonObject { ["id"] = node.Id, ["path"] = at, ["children"] = children };
            into.Add((JsonNode)one);
            shown++;
            text += at.Length;
            if (node.Children.Count > 0) open.Enqueue((node.Children, skip, children, one, at + ScenePath.Separator, depth + 1));
        }
    }
}
