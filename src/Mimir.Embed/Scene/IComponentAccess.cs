namespace Mimir.Embed.Scene;

/// <summary>What the nodes of a scene are made of. What it does not tell cannot be reached.</summary>
public interface IComponentAccess
{
    /// <summary>The components of a node that are shown, in their order.</summary>
    IReadOnlyList<IComponent> Of(ISceneNode node);
}
