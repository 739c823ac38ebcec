using System.Globalization;
using Mimir.Embed.Scene.Components;

namespace Mimir.Embed.Scene.InMemory;

/// <summary>
/// A scene that is nothing but its nodes: for apps without an engine, loops without a picture, and tests. It locks nothing: fill and
/// change it on the main thread, or before the host serves.
/// </summary>
public sealed class InMemoryScene : ISceneGraph
{
    private readonly Dictionary<string, InMemoryNode> _nodes = new(StringComparer.Ordinal);
    private readonly List<InMemoryNode> _roots = [];
    private readonly InMemoryAccess _access = new();
    private long _lastId;

    /// <summary>An empty scene.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="exposure">What is shown of components besides what is marked with <see cref="ExposedAttribute"/>; null for nothing.</param>
    /// <param name="clock">The app's frames; null for turns of the host's main thread.</param>
    public InMemoryScene(string name = "Scene", ExposureList? exposure = null, IFrameClock? clock = null)
    {
        Name = name;
        Exposure = exposure ?? new ExposureList();
        Clock = clock;
    }

    /// <inheritdoc/>
    public string Name { get; set; }

    /// <summary>What is shown of components besides what is marked.</summary>
    public ExposureList Exposure { get; }

    /// <summary>The nodes that are in nothing.</summary>
    public IReadOnlyList<InMemoryNode> Roots => _roots;

    /// <summary>How many nodes there are.</summary>
    public int Count => _nodes.Count;

    /// <inheritdoc/>
    public ISpatialAccess? Spatial => _access;

    /// <inheritdoc/>
    public IComponentAccess? Components => _access;

    /// <inheritdoc/>
    public IMaterialAccess? Materials => _access;

    /// <inheritdoc/>
    public IFrameClock? Clock { get; }

    /// <inheritdoc/>
    IReadOnlyList<ISceneNode> ISceneGraph.Roots => _roots;

    /// <summary>Adds a node.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="parent">What it is in; null for a root.</param>
    /// <exception cref="ArgumentException">The parent is not there, or in another scene.</exception>
    public InMemoryNode Add(string name, InMemoryNode? parent = null)
    {
        if (parent is not null) MustBeHere(parent);
        var node = new InMemoryNode(this, (++_lastId).ToString(CultureInfo.InvariantCulture), name, parent);
        _nodes.Add(node.Id, node);
        Among(parent).Add(node);
        return node;
    }

    /// <summary>Destroys a node and all that is in it.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Destroy(InMemoryNode node)
    {
        if (node.Scene != this || !node.IsAlive) return false;
        Among(node.Parent).Remove(node);
        var open = new Stack<InMemoryNode>();
        open.Push(node);
        while (open.Count > 0)
        {
            var next = open.Pop();
            next.IsAlive = false;
            _nodes.Remove(next.Id);
            foreach (var child in next.Inside) open.Push(child);
        }

        return true;
    }

    /// <inheritdoc/>
    public ISceneNode? Find(string id) => _nodes.TryGetValue(id, out var node) ? node : null;

    internal void Move(InMemoryNode node, InMemoryNode? parent)
    {
        MustBeHere(node);
        if (parent is not null) MustBeHere(parent);
        for (var above = parent; above is not null; above = above.Parent)
        {
            if (above == node) throw new ArgumentException($"'{node.Path}' cannot be moved into itself.");
        }

        Among(node.Parent).Remove(node);
        node.Parent = parent;
        Among(parent).Add(node);
    }

    private List<InMemoryNode> Among(InMemoryNode? parent) => parent?.Inside ?? _roots;

    private void MustBeHere(InMemoryNode node)
    {
        if (node.Scene != this) throw new ArgumentException($"The node {node.Name} is in another scene.");
        if (!node.IsAlive) throw new ArgumentException($"The node {node.Name} was destroyed.");
    }
}
