using System.Text;

namespace Mimir.Embed.Scene;

/// <summary>Paths of nodes.</summary>
public static class ScenePath
{
    /// <summary>What stands between names.</summary>
    public const char Separator = '/';

    /// <summary>What an id begins with where a path is expected: <c>#42</c>.</summary>
    public const char IdMark = '#';

    /// <summary>The path of a node, by its name and those of what it is in.</summary>
    public static string Of(ISceneNode node)
    {
        if (node.Parent is null) return node.Name;
        var names = new List<string>();
        for (var at = node; at is not null; at = at.Parent) names.Add(at.Name);
        var path = new StringBuilder(names[^1]);
        for (var i = names.Count - 2; i >= 0; i--) path.Append(Separator).Append(names[i]);
        return path.ToString();
    }

    /// <summary>
    /// All nodes of a path, in their order. Names may hold slashes themselves: every way to read the path counts. It costs a look at the
    /// children of each node on the way, and no more.
    /// </summary>
    /// <param name="roots">Where it begins.</param>
    /// <param name="path">The path.</param>
    public static IEnumerable<ISceneNode> Matches(IReadOnlyList<ISceneNode> roots, string path)
    {
        var open = new Stack<(IReadOnlyList<ISceneNode> Among, int Next, int From)>();
        open.Push((roots, 0, 0));
        while (open.Count > 0)
        {
            var (among, next, from) = open.Pop();
            for (var i = next; i < among.Count; i++)
            {
                var node = among[i];
                var end = from + node.Name.Length;
                if (end > path.Length || string.CompareOrdinal(path, from, node.Name, 0, node.Name.Length) != 0) continue;
                if (end == path.Length)
                {
                    yield return node;
                }
                else if (path[end] == Separator)
                {
                    open.Push((among, i + 1, from));
                    open.Push((node.Children, 0, end + 1));
                    break;
                }
            }
        }
    }
}
