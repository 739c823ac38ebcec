using System;
using System.Collections.Generic;
using System.Linq;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Components;
using Mimir.Embed.Scene.Values;
using UnityEngine;

namespace Mimir.Embed.Unity
{
    /// <summary>Components: what is marked or listed of them, its values in types free of the engine.</summary>
    internal sealed class UnityComponents : IComponentAccess
    {
        private readonly ExposureList _exposure;

        public UnityComponents(ExposureList exposure) => _exposure = exposure;

        /// <inheritdoc/>
        public IReadOnlyList<IComponent> Of(ISceneNode node)
        {
            // A script that is missing is a null among them.
            var components = ((UnityNode)node).Target.GetComponents<Component>().Where(c => c != null);
            return ExposedComponent.Of(components, _exposure).Select(c => (IComponent)new Shown(c)).ToList();
        }

        private sealed class Shown : IComponent
        {
            public Shown(IComponent component)
            {
                TypeName = component.TypeName;
                Properties = component.Properties.Select(p => (IComponentProperty)new Property(p)).ToList();
            }

            public string TypeName { get; }

            public IReadOnlyList<IComponentProperty> Properties { get; }
        }

        private sealed class Property : IComponentProperty
        {
            private readonly IComponentProperty _property;

            public Property(IComponentProperty property) => _property = property;

            public string Name => _property.Name;

            public Type Type =>
                _property.Type == typeof(Vector2) ? typeof(Vec2)
                : _property.Type == typeof(Vector3) ? typeof(Vec3)
                : _property.Type == typeof(Color) ? typeof(Rgba)
                : _property.Type;

            public bool IsWritable => _property.IsWritable;

            public object Read()
            {
                switch (_property.Read())
                {
                    case Vector2 v: return new Vec2(v.x, v.y);
                    case Vector3 v: return new Vec3(v.x, v.y, v.z);
                    case Color c: return new Rgba(c.r, c.g, c.b, c.a);
                    case var other: return other;
                }
            }

            public void Write(object value)
            {
                switch (value)
                {
                    case Vec2 v: _property.Write(new Vector2(v.X, v.Y)); break;
                    case Vec3 v: _property.Write(new Vector3(v.X, v.Y, v.Z)); break;
                    case Rgba c: _property.Write(new Color(c.R, c.G, c.B, c.A)); break;
                    default: _property.Write(value); break;
                }
            }
        }
    }
}
