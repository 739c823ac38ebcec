namespace Mimir.Embed.Scene;

/// <summary>What a value of a material is.</summary>
public enum MaterialPropertyKind
{
    /// <summary>A colour.</summary>
    Color,

    /// <summary>Some numbers together. Told, not set.</summary>
    Vector,

    /// <summary>A number.</summary>
    Float,

    /// <summary>A number between two others.</summary>
    Range,

    /// <summary>A picture. Told by its name, not set.</summary>
    Texture,

    /// <summary>On or off.</summary>
    Boolean,
}
