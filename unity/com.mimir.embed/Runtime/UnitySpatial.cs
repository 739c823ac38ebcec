using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Values;
using UnityEngine;

namespace Mimir.Embed.Unity
{
    /// <summary>Transforms: the world's place and angles, and the scale in the parent.</summary>
    internal sealed class UnitySpatial : ISpatialAccess
    {
        /// <inheritdoc/>
        public ISpatial Of(ISceneNode node) => new Place(((UnityNode)node).Target.transform);

        private sealed class Place : ISpatial
        {
            private readonly Transform _transform;

            public Place(Transform transform) => _transform = transform;

            public Vec3 Position
            {
                get => Convert(_transform.position);
                set => _transform.position = Convert(value);
            }

            public Vec3 EulerDegrees
            {
                get => Convert(_transform.eulerAngles);
                set => _transform.eulerAngles = Convert(value);
            }

            public Vec3 LocalScale
            {
                get => Convert(_transform.localScale);
                set => _transform.localScale = Convert(value);
            }

            private static Vec3 Convert(Vector3 value) => new Vec3(value.x, value.y, value.z);

            private static Vector3 Convert(Vec3 value) => new Vector3(value.X, value.Y, value.Z);
        }
    }
}
