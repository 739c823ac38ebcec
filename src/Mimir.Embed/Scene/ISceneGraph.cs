namespace Mimir.Embed.Scene;

/// <summary>
/// The scene of an app, as agents may see it. What it does not tell cannot be reached. Touched on the main thread only. What a scene
/// cannot do is null, and there are no tools for it.
/// </summary>
public interface ISceneGraph
{
    /// <summary>What it is called.</summary>
    string Name { get; }

    /// <summary>The nodes that are in nothing, in their order.</summary>
    IReadOnlyList<ISceneNode> Roots { get; }

    /// <summary>Where nodes are; null when nodes are nowhere.</summary>
    ISpatialAccess? Spatial { get; }

    /// <summary>What nodes are made of; null when they are made of nothing that is shown.</summary>
    IComponentAccess? Components { get; }

    /// <summary>How nodes look; null when they look like nothing that is shown.</summary>
    IMaterialAccess? Materials { get; }

    /// <summary>The frames of the app; null for turns of the host's main thread and the time of the machine.</summary>
    IFrameClock? Clock { get; }

    /// <summary>A node by its id.</summary>
    /// <returns>Null when there is none.</returns>
    ISceneNode? Find(string id);
}
