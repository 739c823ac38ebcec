using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene.Transitions;

/// <summary>What is asked of a node's place.</summary>
/// <param name="Kind">What of it.</param>
/// <param name="X">The first axis; null for as it is.</param>
/// <param name="Y">The second.</param>
/// <param name="Z">The third.</param>
/// <param name="Seconds">How long it takes; 0 for at once.</param>
internal sealed record TransformChange(TransformKind Kind, float? X, float? Y, float? Z, double Seconds)
{
    private const double Turn = 360;

    /// <summary>Whether anything is asked.</summary>
    public bool HasAxis => X is not null || Y is not null || Z is not null;

    /// <summary>What it is now.</summary>
    public Vec3 Read(ISpatial spatial) => Kind switch
    {
        TransformKind.Position => spatial.Position,
        TransformKind.Rotation => spatial.EulerDegrees,
        _ => spatial.LocalScale,
    };

    /// <summary>Goes a part of the way.</summary>
    /// <param name="spatial">The place.</param>
    /// <param name="from">What it was at the beginning.</param>
    /// <param name="part">How much of the way: 0 to 1.</param>
    public void Apply(ISpatial spatial, Vec3 from, double part)
    {
        // An engine may read the same rotation back as other angles: those of the beginning are kept for the axes that stay.
        var now = Kind == TransformKind.Rotation ? from : Read(spatial);
        var next = new Vec3(Between(from.X, X, part) ?? now.X, Between(from.Y, Y, part) ?? now.Y, Between(from.Z, Z, part) ?? now.Z);
        if (Kind == TransformKind.Position) spatial.Position = next;
        else if (Kind == TransformKind.Rotation) spatial.EulerDegrees = next;
        else spatial.LocalScale = next;
    }

    private float? Between(float from, float? to, double part)
    {
        if (to is not { } goal || part >= 1) return to;
        var way = (double)goal - from;
        if (Kind == TransformKind.Rotation)
        {
            way %= Turn;
            if (way > Turn / 2) way -= Turn;
            if (way < -Turn / 2) way += Turn;
        }

        return (float)(from + (way * part));
    }
}
