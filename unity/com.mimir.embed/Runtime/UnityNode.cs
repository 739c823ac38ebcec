using System;
using System.Collections.Generic;
using System.Globalization;
using Mimir.Embed.Scene;
using UnityEngine;

namespace Mimir.Embed.Unity
{
    /// <summary>A GameObject.</summary>
    public sealed class UnityNode : ISceneNode
    {
        private readonly Func<GameObject, bool> _isShown;

        internal UnityNode(GameObject target, UnityNode parent, Func<GameObject, bool> isShown)
        {
            Target = target;
            Parent = parent;
            _isShown = isShown;
            Id = target.GetInstanceID().ToString(CultureInfo.InvariantCulture);
        }

        /// <summary>The GameObject.</summary>
        public GameObject Target { get; }

        /// <inheritdoc/>
        public string Id { get; }

        /// <inheritdoc/>
        public string Name => Target.name;

        /// <inheritdoc/>
        public string Path => ScenePath.Of(this);

        /// <inheritdoc/>
        /// <remarks>As it was when this was found; null for what is shown by itself, whatever lies above it in the scene.</remarks>
        public ISceneNode Parent { get; }

        /// <inheritdoc/>
        public IReadOnlyList<ISceneNode> Children
        {
            get
            {
                var children = new List<ISceneNode>();
                var transform = Target.transform;
                for (var i = 0; i < transform.childCount; i++)
                {
                    var child = transform.GetChild(i).gameObject;
                    if (_isShown(child)) children.Add(new UnityNode(child, this, _isShown));
                }

                return children;
            }
        }

        /// <inheritdoc/>
        public bool IsAlive => Target != null;
    }
}
