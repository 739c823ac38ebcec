using System.Globalization;
using System.Numerics;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Values;
using Orrery.Sky;

namespace Orrery.Shown;

/// <summary>A body as agents see it. Places and turns are those of the whole sky, whatever the body is in.</summary>
internal sealed class ShownBody(Body body) : ISceneNode, ISpatial
{
    private const float Farthest = 100;
    private const float Largest = 10;

    public Body Body => body;

    public string Id => body.Number.ToString(CultureInfo.InvariantCulture);

    public string Name => body.Name;

    public string Path => ScenePath.Of(this);

    public ISceneNode? Parent => body.Parent is { } parent ? new ShownBody(parent) : null;

    public IReadOnlyList<ISceneNode> Children => Of(body.Children);

    public bool IsAlive => true;

    public Vec3 Position
    {
        get => new(body.WorldPlace.X, body.WorldPlace.Y, body.Depth);
        set => (body.WorldPlace, body.Depth) = (new Vector2(Placed(value.X, "position_x"), Placed(value.Y, "position_y")), Placed(value.Z, "position_z"));
    }

    public Vec3 EulerDegrees
    {
        get => new(0, 0, body.WorldTurn);
        set => body.WorldTurn = value is { X: 0, Y: 0 } ? value.Z : throw new ArgumentException("This sky is flat: rotation_z turns a body, and nothing else does.");
    }

    public Vec3 LocalScale
    {
        get => new(body.Scale.X, body.Scale.Y, body.Scale.Z);
        set => body.Scale = new Vector3(Sized(value.X, "scale_x"), Sized(value.Y, "scale_y"), Sized(value.Z, "scale_z"));
    }

    public static IReadOnlyList<ISceneNode> Of(IEnumerable<Body> bodies) => [.. bodies.Select(body => new ShownBody(body))];

    private static float Placed(float value, string what) => Limit.Within(-Farthest, Farthest, value, what);

    private static float Sized(float value, string what) => Limit.Within(0, Largest, value, what);
}
