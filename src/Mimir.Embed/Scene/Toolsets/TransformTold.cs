using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>Where a node is, as it is told.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Position">The place.</param>
/// <param name="Rotation">Euler angles in degrees.</param>
/// <param name="Scale">The local scale.</param>
internal sealed record TransformTold(string Path, Vec3 Position, Vec3 Rotation, Vec3 Scale);
