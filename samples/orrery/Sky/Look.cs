using Mimir.Embed.Scene.Values;

namespace Orrery.Sky;

/// <summary>How a body looks.</summary>
internal sealed class Look(Shape shape, float radius, Rgba color)
{
    public Shape Shape { get; set; } = shape;

    /// <summary>From its middle to its edge, in units, as it was made.</summary>
    public float Radius => radius;

    public Rgba Color { get; set; } = color;

    /// <summary>0 for dark, 1 for its full colour.</summary>
    public float Brightness { get; set; } = 1;

    /// <summary>Whether only its outline is drawn.</summary>
    public bool IsOutline { get; set; }
}
