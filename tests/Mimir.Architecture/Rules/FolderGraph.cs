using Mimir.Architecture.Metadata;

namespace Mimir.Architecture.Rules;

/// <summary>The arrows between the folders of one project, seen at the level where two namespaces part.</summary>
internal sealed class FolderGraph
{
    /// <summary>Stands for the types that lie in a folder itself and not in one of its own folders.</summary>
    public const string Itself = ".";

    private readonly Dictionary<string, Dictionary<(string From, string To), TypeUse>> _levels = new(StringComparer.Ordinal);

    /// <summary>Builds the graph.</summary>
    /// <param name="uses">Who names whom.</param>
    /// <param name="root">The namespace of the project; whatever lies outside is left out.</param>
    public FolderGraph(IEnumerable<TypeUse> uses, string root)
    {
        foreach (TypeUse use in uses.Where(use => Within(use.FromNamespace, root) && Within(use.ToNamespace, root) && use.FromNamespace != use.ToNamespace))
        {
            string[] from = use.FromNamespace.Split('.');
            string[] to = use.ToNamespace.Split('.');
            int shared = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
            string parent = string.Join('.', from[..shared]);
            if (!_levels.TryGetValue(parent, out var arrows))
            {
                _levels[parent] = arrows = [];
            }

            arrows.TryAdd((from.ElementAtOrDefault(shared) ?? Itself, to.ElementAtOrDefault(shared) ?? Itself), use);
        }
    }

    /// <summary>The arrows between the folders right below a namespace, each with one use that makes it.</summary>
    public IEnumerable<(string From, string To, TypeUse Because)> Below(string parent) =>
        _levels.TryGetValue(parent, out var arrows) ? arrows.Select(arrow => (arrow.Key.From, arrow.Key.To, arrow.Value)) : [];

    /// <summary>Complains of every pair of folders that can reach one another.</summary>
    public IEnumerable<string> Cycles() =>
        from level in _levels
        from arrow in level.Value
        where Reaches(level.Value.Keys, arrow.Key.To, arrow.Key.From)
        select $"{level.Key}: {arrow.Key.From} -> {arrow.Key.To} is part of a cycle ({arrow.Value.From} names {arrow.Value.To})";

    private static bool Within(string space, string root) => space == root || space.StartsWith(root + ".", StringComparison.Ordinal);

    private static bool Reaches(IReadOnlyCollection<(string From, string To)> arrows, string start, string goal)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([start]);
        while (open.TryPop(out string? node))
        {
            if (node == goal)
            {
                return true;
            }

            if (seen.Add(node))
            {
                foreach (var arrow in arrows.Where(arrow => arrow.From == node))
                {
                    open.Push(arrow.To);
                }
            }
        }

        return false;
    }
}
