using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene.InMemory;

/// <summary>A node of an <see cref="InMemoryScene"/>. Where it is, is a matter of its own: no parent moves, turns or scales it.</summary>
public sealed class InMemoryNode : ISceneNode, ISpatial
{
    private readonly List<object> _components = [];

    internal InMemoryNode(InMemoryScene scene, string id, string name, InMemoryNode? parent)
    {
        Scene = scene;
        Id = id;
        Name = name;
        Parent = parent;
    }

    /// <summary>The scene that it is in.</summary>
    public InMemoryScene Scene { get; }

    /// <inheritdoc/>
    public string Id { get; }

    /// <summary>What it is called. It may be renamed at any time.</summary>
    public string Name { get; set; }

    /// <inheritdoc/>
    public string Path => ScenePath.Of(this);

    /// <summary>What it is in; null for a root.</summary>
    public InMemoryNode? Parent { get; internal set; }

    /// <summary>What is in it.</summary>
    public IReadOnlyList<InMemoryNode> Children => Inside;

    /// <inheritdoc/>
    public bool IsAlive { get; internal set; } = true;

    /// <inheritdoc/>
    public Vec3 Position { get; set; }

    /// <inheritdoc/>
    public Vec3 EulerDegrees { get; set; }

    /// <inheritdoc/>
    public Vec3 LocalScale { get; set; } = new(1, 1, 1);

    /// <summary>Whether it is anywhere: false for what only holds others. Default true.</summary>
    public bool HasTransform { get; set; } = true;

    /// <summary>How it looks; null for nothing to be seen.</summary>
    public InMemoryMaterial? Material { get; set; }

    /// <summary>What it is made of: any objects. Agents see of them what is marked or in <see cref="InMemoryScene.Exposure"/>.</summary>
    public IReadOnlyList<object> Components => _components;

    /// <inheritdoc/>
    ISceneNode? ISceneNode.Parent => Parent;

    /// <inheritdoc/>
    IReadOnlyList<ISceneNode> ISceneNode.Children => Inside;

    internal List<InMemoryNode> Inside { get; } = [];

    /// <summary>Adds an object that it is made of.</summary>
    /// <returns>The node.</returns>
    public InMemoryNode With(object component)
    {
        _components.Add(component);
        return this;
    }

    /// <summary>Takes one away.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(object component) => _components.Remove(component);

    /// <summary>Adds a node into it.</summary>
    /// <exception cref="ArgumentException">It was destroyed.</exception>
    public InMemoryNode Add(string name) => Scene.Add(name, this);

    /// <summary>Moves it, with all that is in it. Its id stays.</summary>
    /// <param name="parent">Into what; null to make it a root.</param>
    /// <exception cref="ArgumentException">The parent is in it, was destroyed, or is in another scene.</exception>
    public void MoveTo(InMemoryNode? parent) => Scene.Move(this, parent);

    /// <summary>Destroys it and all that is in it.</summary>
    /// <returns>False when that was done before.</returns>
    public bool Destroy() => Scene.Destroy(this);
}
