using System.Collections.Generic;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Values;
using UnityEngine;
using UnityEngine.Rendering;

namespace Mimir.Embed.Unity
{
    /// <summary>
    /// Materials of renderers of any kind. What is set is set for the one renderer, in a property block: the material that others share stays
    /// as it is, and no copy of it is made that nobody would destroy.
    /// </summary>
    internal sealed class UnityMaterials : IMaterialAccess
    {
        private readonly MaterialPropertyBlock _block = new MaterialPropertyBlock();

        /// <inheritdoc/>
        public MaterialInfo Describe(ISceneNode node)
        {
            var renderer = ((UnityNode)node).Target.GetComponent<Renderer>();
            if (renderer == null || renderer.sharedMaterial == null || renderer.sharedMaterial.shader == null) return null;
            var material = renderer.sharedMaterial;
            var shader = material.shader;
            renderer.GetPropertyBlock(_block);
            var properties = new List<MaterialProperty>();
            for (var i = 0; i < shader.GetPropertyCount(); i++) properties.Add(Property(material, shader, i));
            return new MaterialInfo(material.name, shader.name, properties);
        }

        /// <inheritdoc/>
        public void SetColor(ISceneNode node, string property, Rgba value)
        {
            var renderer = Begin(node);
            _block.SetColor(property, new Color(value.R, value.G, value.B, value.A));
            renderer.SetPropertyBlock(_block);
        }

        /// <inheritdoc/>
        public void SetFloat(ISceneNode node, string property, float value)
        {
            var renderer = Begin(node);
            _block.SetFloat(property, value);
            renderer.SetPropertyBlock(_block);
        }

        /// <inheritdoc/>
        public void SetBoolean(ISceneNode node, string property, bool value) => SetFloat(node, property, value ? 1 : 0);

        private Renderer Begin(ISceneNode node)
        {
            var renderer = ((UnityNode)node).Target.GetComponent<Renderer>();
            renderer.GetPropertyBlock(_block);
            return renderer;
        }

        private MaterialProperty Property(Material material, Shader shader, int index)
        {
            var name = shader.GetPropertyName(index);
            switch (shader.GetPropertyType(index))
            {
                case ShaderPropertyType.Color:
                    var color = _block.HasColor(name) ? _block.GetColor(name) : material.GetColor(name);
                    return new MaterialProperty(name, MaterialPropertyKind.Color, new Rgba(color.r, color.g, color.b, color.a));
                case ShaderPropertyType.Vector:
                    var vector = material.GetVector(name);
                    return new MaterialProperty(name, MaterialPropertyKind.Vector, new Vec3(vector.x, vector.y, vector.z));
                case ShaderPropertyType.Range:
                    var limits = shader.GetPropertyRangeLimits(index);
                    return new MaterialProperty(name, MaterialPropertyKind.Range, Number(material, name), limits.x, limits.y);
                case ShaderPropertyType.Texture:
                    var texture = material.GetTexture(name);
                    return new MaterialProperty(name, MaterialPropertyKind.Texture, texture == null ? null : texture.name);
                default:
                    return new MaterialProperty(name, MaterialPropertyKind.Float, Number(material, name));
            }
        }

        private float Number(Material material, string name) => _block.HasFloat(name) ? _block.GetFloat(name) : material.GetFloat(name);
    }
}
