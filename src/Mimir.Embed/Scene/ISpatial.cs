using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene;

/// <summary>Where a node is. Touched on the main thread only.</summary>
public interface ISpatial
{
    /// <summary>The place, in the space and unit that the scene counts in.</summary>
    Vec3 Position { get; set; }

    /// <summary>How it is turned: Euler angles in degrees, in the order of the engine.</summary>
    Vec3 EulerDegrees { get; set; }

    /// <summary>How large it is, in what it is in: 1 for as it was made.</summary>
    Vec3 LocalScale { get; set; }
}
