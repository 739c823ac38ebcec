namespace Mimir.Embed.Scene;

/// <summary>Where the nodes of a scene are.</summary>
public interface ISpatialAccess
{
    /// <summary>Where a node is.</summary>
    /// <returns>Null when it is nowhere.</returns>
    ISpatial? Of(ISceneNode node);
}
