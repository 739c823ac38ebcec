using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene;

/// <summary>How the nodes of a scene look. Called with names and kinds that <see cref="Describe"/> has told, and no others.</summary>
public interface IMaterialAccess
{
    /// <summary>How a node looks.</summary>
    /// <returns>Null when it has no material.</returns>
    MaterialInfo? Describe(ISceneNode node);

    /// <summary>Sets a colour.</summary>
    /// <param name="node">The node.</param>
    /// <param name="property">The name of one that is a <see cref="MaterialPropertyKind.Color"/>.</param>
    /// <param name="value">The colour.</param>
    void SetColor(ISceneNode node, string property, Rgba value);

    /// <summary>Sets a number.</summary>
    /// <param name="node">The node.</param>
    /// <param name="property">The name of one that is a <see cref="MaterialPropertyKind.Float"/> or a <see cref="MaterialPropertyKind.Range"/>.</param>
    /// <param name="value">The number, in the range if there is one.</param>
    void SetFloat(ISceneNode node, string property, float value);

    /// <summary>Switches something on or off.</summary>
    /// <param name="node">The node.</param>
    /// <param name="property">The name of one that is a <see cref="MaterialPropertyKind.Boolean"/>, or a number that is 0 or 1.</param>
    /// <param name="value">On or off.</param>
    void SetBoolean(ISceneNode node, string property, bool value);
}
