using System;
using System.Collections.Generic;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Components;
using UnityEngine;
using UnityEngine.SceneManagement;

namespace Mimir.Embed.Unity
{
    /// <summary>Objects of the loaded scenes of a game: those that the game shows, with what is in them.</summary>
    public sealed class UnityScene : ISceneGraph
    {
        private readonly Func<IEnumerable<GameObject>> _roots;
        private readonly Func<GameObject, bool> _isShown;

        /// <summary>Objects of the loaded scenes.</summary>
        /// <param name="roots">What is shown, each with what is in it. Asked again each time.</param>
        /// <param name="isShown">What of that is shown, with what is in it.</param>
        /// <param name="exposure">What is shown of components.</param>
        /// <param name="clock">The frames.</param>
        public UnityScene(Func<IEnumerable<GameObject>> roots, Func<GameObject, bool> isShown, ExposureList exposure, IFrameClock clock)
        {
            _roots = roots;
            _isShown = isShown;
            Clock = clock;
            Spatial = new UnitySpatial();
            Components = new UnityComponents(exposure);
            Materials = new UnityMaterials();
        }

        /// <summary>The outermost objects of all loaded scenes.</summary>
        public static IEnumerable<GameObject> AllRoots
        {
            get
            {
                for (var i = 0; i < SceneManager.sceneCount; i++)
                {
                    var scene = SceneManager.GetSceneAt(i);
                    if (!scene.isLoaded) continue;
                    foreach (var root in scene.GetRootGameObjects()) yield return root;
                }
            }
        }

        /// <inheritdoc/>
        public string Name => SceneManager.GetActiveScene().name;

        /// <inheritdoc/>
        public IReadOnlyList<ISceneNode> Roots
        {
            get
            {
                var roots = new List<ISceneNode>();
                foreach (var root in _roots())
                {
                    // Objects that were destroyed are equal to null.
                    if (root != null && _isShown(root)) roots.Add(new UnityNode(root, null, _isShown));
                }

                return roots;
            }
        }

        /// <inheritdoc/>
        public ISpatialAccess Spatial { get; }

        /// <inheritdoc/>
        public IComponentAccess Components { get; }

        /// <inheritdoc/>
        public IMaterialAccess Materials { get; }

        /// <inheritdoc/>
        public IFrameClock Clock { get; }

        /// <inheritdoc/>
        public ISceneNode Find(string id)
        {
            var open = new Stack<ISceneNode>(Roots);
            while (open.Count > 0)
            {
                var node = open.Pop();
                if (node.Id == id) return node;
                foreach (var child in node.Children) open.Push(child);
            }

            return null;
        }
    }
}
