namespace Mimir.Embed.Scene.Toolsets;

/// <summary>Finds what agents name. What is not there and what is not shown are told alike.</summary>
internal static class Lookup
{
    /// <summary>What agents are told of <c>path</c>.</summary>
    public const string PathWords = "Path of the node, as scene_hierarchy_inspect tells it: Root/Child/Name. Or its id: #42.";

    /// <summary>What agents are told of <c>component_type</c>.</summary>
    public const string ComponentWords = "Type of the component, as inspector_component_list tells it. The name without its namespace will do.";

    /// <summary>Longest path that is read.</summary>
    public const int MostPath = 4096;

    /// <summary>Most of anything that an error lists.</summary>
    private const int MostListed = 10;

    /// <summary>The node of a path or an id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="ArgumentException">There are several, or the path is empty.</exception>
    public static ISceneNode Node(ISceneGraph graph, string path)
    {
        if (path.Length == 0) throw new ArgumentException("path is empty. Write Root/Child/Name, or #ID.");
        if (path[0] == ScenePath.IdMark)
        {
            return graph.Find(path[1..]) is { IsAlive: true } known ? known : throw new KeyNotFoundException($"There is no node with the id '{path[1..]}'. scene_hierarchy_inspect tells ids.");
        }

        var found = new List<ISceneNode>();
        var more = false;
        foreach (var node in ScenePath.Matches(graph.Roots, path))
        {
            if (!node.IsAlive) continue;
            more = found.Count == MostListed;
            if (more) break;
            found.Add(node);
        }

        return found.Count switch
        {
            1 => found[0],
            0 => throw new KeyNotFoundException($"Transform '{path}' was not found. scene_hierarchy_inspect tells paths and ids."),
            _ => throw new ArgumentException($"{(more ? $"More than {MostListed}" : $"{found.Count}")} nodes have the path '{path}'. Give the id of one as path: {string.Join(", ", found.Select(static n => ScenePath.IdMark + n.Id))}{(more ? ", and others" : "")}."),
        };
    }

    /// <summary>The components of a node by the names that name one each: those of one type are counted.</summary>
    public static IReadOnlyList<(string Name, IComponent Component)> Components(ISceneGraph graph, ISceneNode node)
    {
        var all = graph.Components?.Of(node) ?? [];
        var many = all.GroupBy(static c => c.TypeName, StringComparer.Ordinal).Where(static g => g.Skip(1).Any()).ToDictionary(static g => g.Key, static _ => 0, StringComparer.Ordinal);
        return [.. all.Select(c => (many.TryGetValue(c.TypeName, out var n) ? $"{c.TypeName}[{many[c.TypeName] = n + 1}]" : c.TypeName, c))];
    }

    /// <summary>A component of a node.</summary>
    /// <param name="graph">The scene.</param>
    /// <param name="node">The node.</param>
    /// <param name="path">How it was named.</param>
    /// <param name="type">The name of the type, with its namespace or without.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="ArgumentException">There are several.</exception>
    public static (string Name, IComponent Component) Component(ISceneGraph graph, ISceneNode node, string path, string type)
    {
        var all = Components(graph, node);
        var found = all.Where(c => c.Name == type || c.Component.TypeName == type).ToList();
        if (found.Count == 0) found = [.. all.Where(c => Short(c.Name) == type || Short(c.Component.TypeName) == type)];
        return found.Count switch
        {
            1 => found[0],
            0 => throw new KeyNotFoundException($"'{path}' has no component '{type}'. It has: {Listed(all.Select(static c => c.Name))}."),
            _ => throw new ArgumentException($"'{path}' has {found.Count} components '{type}'. Write one of: {Listed(found.Select(static c => c.Name))}."),
        };
    }

    /// <summary>A property of a component.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static IComponentProperty Property(string typeName, IComponent component, string name) =>
        component.Properties.FirstOrDefault(p => p.Name == name)
        ?? throw new KeyNotFoundException($"{typeName} has no property '{name}'. It has: {Listed(component.Properties.Select(static p => p.Name))}.");

    /// <summary>Some names, cut where they are too many.</summary>
    public static string Listed(IEnumerable<string> names)
    {
        var few = names.Take(MostListed + 1).ToList();
        return few.Count == 0 ? "nothing" : few.Count <= MostListed ? string.Join(", ", few) : string.Join(", ", few.Take(MostListed)) + ", ...";
    }

    private static string Short(string name) => name[(name.LastIndexOfAny(['.', '+']) + 1)..];
}
