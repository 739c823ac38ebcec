namespace Mimir.Embed.Scene;

/// <summary>Something in a scene: a GameObject, a Godot Node, an entity. Touched on the main thread only.</summary>
public interface ISceneNode
{
    /// <summary>What it is known by as long as it is there: unique in its scene, whatever it is called and wherever it is moved. Not empty.</summary>
    string Id { get; }

    /// <summary>What it is called. Several may be called the same.</summary>
    string Name { get; }

    /// <summary>The names from the root to it with slashes between: <c>Root/Child/Name</c>. <see cref="ScenePath.Of"/> makes it.</summary>
    string Path { get; }

    /// <summary>What it is in; null for a root.</summary>
    ISceneNode? Parent { get; }

    /// <summary>What is in it, in its order.</summary>
    IReadOnlyList<ISceneNode> Children { get; }

    /// <summary>Whether it is still there: false once it is destroyed.</summary>
    bool IsAlive { get; }
}
