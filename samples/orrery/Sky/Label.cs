using Mimir.Embed.Scene.Values;

namespace Orrery.Sky;

/// <summary>The words under a body.</summary>
internal sealed class Label
{
    private const int MostLetters = 40;
    private const float Farthest = 20;

    public string Text { get; set => field = value.Length <= MostLetters ? value : throw new ArgumentException($"A label takes {MostLetters} letters."); } = "";

    public bool IsShown { get; set; } = true;

    public Rgba Ink { get; set; } = new(0.72f, 0.76f, 0.85f);

    /// <summary>How far from its usual place, in units.</summary>
    public Vec2 Offset
    {
        get;
        set => field = new Vec2(Limit.Within(-Farthest, Farthest, value.X, "x"), Limit.Within(-Farthest, Farthest, value.Y, "y"));
    }
}
