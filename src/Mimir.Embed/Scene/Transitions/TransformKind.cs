namespace Mimir.Embed.Scene.Transitions;

/// <summary>What of a place is changed.</summary>
internal enum TransformKind
{
    /// <summary>Where it is.</summary>
    Position,

    /// <summary>How it is turned.</summary>
    Rotation,

    /// <summary>How large it is.</summary>
    Scale,
}
