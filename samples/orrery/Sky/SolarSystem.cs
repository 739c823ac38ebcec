using System.Numerics;
using Mimir.Embed.Scene.Values;

namespace Orrery.Sky;

/// <summary>The sky: bodies in bodies, and stars behind them that nobody is shown but whoever looks at the window.</summary>
internal sealed class SolarSystem
{
    private const int StarCount = 70;

    public SolarSystem()
    {
        var sun = new Body("Sun", null, new Look(Shape.Rays, 1.4f, new Rgba(1, 0.78f, 0.2f)));
        var earth = new Body("Earth", sun, new Look(Shape.Disc, 0.6f, new Rgba(0.2f, 0.5f, 1))) { Place = Around(4, 35), Orbit = new Orbit { DegreesPerSecond = 12 } };
        _ = new Body("Moon", earth, new Look(Shape.Disc, 0.25f, new Rgba(0.8f, 0.8f, 0.8f))) { Place = Around(1.2f, 150), Orbit = new Orbit { DegreesPerSecond = 40 } };
        _ = new Body("Mars", sun, new Look(Shape.Disc, 0.4f, new Rgba(0.9f, 0.35f, 0.2f))) { Place = Around(6.4f, 200), Orbit = new Orbit { DegreesPerSecond = 8 } };
        var saturn = new Body("Saturn", sun, new Look(Shape.Disc, 0.7f, new Rgba(0.85f, 0.7f, 0.45f))) { Place = new Vector2(8.4f, -3.6f), Turn = 20 };
        var rings = new Body("Rings", saturn, new Look(Shape.Ring, 1.4f, new Rgba(0.6f, 0.55f, 0.45f))) { Scale = new Vector3(1, 0.3f, 1), Depth = 0.1f };
        rings.Label.IsShown = false;
        var probe = new Body("Probe", null, new Look(Shape.Box, 0.4f, new Rgba(0.75f, 0.4f, 0.95f))) { Place = new Vector2(-9, 5.5f), Turn = 20 };
        Roots = [sun, probe];

        // The same stars each time: a sky is known by them.
        var state = 1u;
        Stars = [.. Enumerable.Range(0, StarCount).Select(_ => new Vector2(Next(), Next()))];
        float Next() => ((state = (state * 1664525) + 1013904223) >> 8) / (float)(1 << 24);
    }

    public IReadOnlyList<Body> Roots { get; }

    /// <summary>Where stars are, from 0 to 1 of the window.</summary>
    public IReadOnlyList<Vector2> Stars { get; }

    public IEnumerable<Body> All => Roots.SelectMany(Below);

    public void Advance(double seconds)
    {
        foreach (var root in Roots) root.Advance(seconds);
    }

    private static IEnumerable<Body> Below(Body body) => body.Children.SelectMany(Below).Prepend(body);

    private static Vector2 Around(float distance, float degrees) => Body.Turned(new Vector2(distance, 0), degrees);
}
