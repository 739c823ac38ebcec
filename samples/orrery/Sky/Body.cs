using System.Numerics;

namespace Orrery.Sky;

/// <summary>Something in the sky. What it is in carries it: its place and its turn go along, its size is its own.</summary>
internal sealed class Body
{
    private static int s_last;
    private readonly List<Body> _children = [];

    public Body(string name, Body? parent, Look look)
    {
        (Name, Parent, Look) = (name, parent, look);
        Label = new Label { Text = name };
        parent?._children.Add(this);
    }

    /// <summary>Of each body another.</summary>
    public int Number { get; } = ++s_last;

    public string Name { get; }

    public Body? Parent { get; }

    public IReadOnlyList<Body> Children => _children;

    public Look Look { get; }

    public Label Label { get; }

    /// <summary>How it goes round what it is in; null for what stays.</summary>
    public Orbit? Orbit { get; init; }

    /// <summary>Its place, seen from what it is in.</summary>
    public Vector2 Place { get; set; }

    /// <summary>How near it is: what is nearer is drawn later.</summary>
    public float Depth { get; set; }

    /// <summary>Its turn against what it is in, counter-clockwise, in degrees.</summary>
    public float Turn { get; set; }

    /// <summary>How large it is; the third is kept and not seen.</summary>
    public Vector3 Scale { get; set; } = Vector3.One;

    public Vector2 WorldPlace
    {
        get => Parent is null ? Place : Parent.WorldPlace + Turned(Place, Parent.WorldTurn);
        set => Place = Parent is null ? value : Turned(value - Parent.WorldPlace, -Parent.WorldTurn);
    }

    public float WorldTurn
    {
        get => Turn + (Parent?.WorldTurn ?? 0);
        set => Turn = (value - (Parent?.WorldTurn ?? 0)) % 360;
    }

    public void Advance(double seconds)
    {
        if (Orbit is { IsRunning: true } orbit) Place = Turned(Place, (float)(orbit.DegreesPerSecond * seconds));
        foreach (var child in _children) child.Advance(seconds);
    }

    public static Vector2 Turned(Vector2 place, float degrees) => Vector2.Transform(place, Matrix3x2.CreateRotation(float.DegreesToRadians(degrees)));
}
