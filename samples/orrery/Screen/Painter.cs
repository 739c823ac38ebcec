using System.Numerics;
using Mimir.Embed.Scene.Values;
using Orrery.Sky;

namespace Orrery.Screen;

/// <summary>Draws a sky: (0, 0) is the middle of the window, x goes to the right and y up.</summary>
internal sealed class Painter(Window window, float pixelsPerUnit)
{
    private const int Corners = 64;
    private const float InnerRing = 0.75f;
    private const float InnerRay = 0.8f;
    private const float LetterPixels = 2;
    private static readonly Sdl.Ink s_night = new(12, 14, 28, 255);
    private static readonly Sdl.Ink s_star = new(96, 100, 120, 255);
    private readonly List<Vector2> _edge = [];
    private readonly List<Vector2> _inner = [];
    private readonly List<Sdl.Vertex> _triangles = [];

    public void Paint(SolarSystem sky)
    {
        window.Clear(s_night);
        foreach (var star in sky.Stars) window.Fill(star * window.Size, 2, s_star);
        foreach (var body in sky.All.OrderBy(body => body.Depth))
        {
            Paint(body);
            if (body.Label is { IsShown: true } label) Paint(body, label);
        }

        window.Present();
    }

    private void Paint(Body body)
    {
        var ink = InkOf(body.Look);
        Outline(body);
        if (body.Look.IsOutline)
        {
            Close(_edge, ink);
            Close(_inner, ink);
            return;
        }

        _triangles.Clear();
        for (var i = 0; i < _edge.Count; i++)
        {
            var next = (i + 1) % _edge.Count;
            var isRing = _inner.Count > 0;
            var inner = isRing ? _inner[i] : Pixel(body.WorldPlace);
            Add(inner, _edge[i], _edge[next], ink);
            if (isRing) Add(inner, _edge[next], _inner[next], ink);
        }

        window.Fill(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_triangles));
    }

    private void Outline(Body body)
    {
        var look = body.Look;
        var corners = look.Shape == Shape.Box ? 4 : Corners;
        _edge.Clear();
        _inner.Clear();
        for (var i = 0; i < corners; i++)
        {
            var (sin, cos) = MathF.SinCos(MathF.Tau * (i + 0.5f) / corners);
            var corner = new Vector2(cos, sin);
            _edge.Add(At(look.Shape == Shape.Rays && i % 4 < 2 ? corner * InnerRay : corner));
            if (look.Shape == Shape.Ring) _inner.Add(At(corner * InnerRing));
        }

        Vector2 At(Vector2 corner) => Pixel(body.WorldPlace + Body.Turned(corner * look.Radius * new Vector2(body.Scale.X, body.Scale.Y), body.WorldTurn));
    }

    private void Paint(Body body, Label label)
    {
        var below = new Vector2(label.Offset.X, label.Offset.Y - (body.Look.Radius * MathF.Abs(body.Scale.Y)) - 0.2f);
        var middle = Pixel(body.WorldPlace + below);

        // Dots between pixels would not be of one size.
        var at = new Vector2(MathF.Round(middle.X - (Letters.Width(label.Text) * LetterPixels / 2)), MathF.Round(middle.Y));
        foreach (var dot in Letters.Dots(label.Text)) window.Fill(at + (dot * LetterPixels), LetterPixels, InkOf(label.Ink, 1));
    }

    private void Close(List<Vector2> edge, Sdl.Ink ink)
    {
        if (edge.Count > 0) window.Line([.. edge, edge[0]], ink);
    }

    private void Add(Vector2 a, Vector2 b, Vector2 c, Sdl.Ink ink) => _triangles.AddRange([new(a, ink), new(b, ink), new(c, ink)]);

    private Vector2 Pixel(Vector2 place) => (window.Size / 2) + (new Vector2(place.X, -place.Y) * pixelsPerUnit);

    private static Sdl.Ink InkOf(Look look) => InkOf(look.Color, look.Brightness);

    private static Sdl.Ink InkOf(Rgba color, float brightness)
    {
        return new Sdl.Ink(Byte(color.R * brightness), Byte(color.G * brightness), Byte(color.B * brightness), Byte(color.A));

        static byte Byte(float part) => (byte)Math.Round(Math.Clamp(part, 0, 1) * 255);
    }
}
