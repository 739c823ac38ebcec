namespace Mimir.Embed.Scene;

/// <summary>A part of a node, as far as it is shown.</summary>
public interface IComponent
{
    /// <summary>The full name of its type: <c>Game.Mover</c>. What follows the last dot names it as well.</summary>
    string TypeName { get; }

    /// <summary>What is shown of it, each name once.</summary>
    IReadOnlyList<IComponentProperty> Properties { get; }
}
