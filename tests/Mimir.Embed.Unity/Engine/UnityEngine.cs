// Stand-ins: names, types and parameters as Unity 2022.3 documents them, and nothing behind them.
#pragma warning disable IDE1006, CA1822
using System;

namespace UnityEngine
{
    public class Object
    {
        public string name { get; set; }

        public static bool operator ==(Object a, Object b) => ReferenceEquals(a, b);

        public static bool operator !=(Object a, Object b) => !ReferenceEquals(a, b);

        public override bool Equals(object other) => ReferenceEquals(this, other);

        public override int GetHashCode() => 0;

        public int GetInstanceID() => 0;

        public static T[] FindObjectsByType<T>(FindObjectsInactive findObjectsInactive, FindObjectsSortMode sortMode)
            where T : Object => Array.Empty<T>();
    }

    public enum FindObjectsInactive
    {
        Exclude,
        Include,
    }

    public enum FindObjectsSortMode
    {
        None,
        InstanceID,
    }

    public class Component : Object
    {
        public GameObject gameObject { get; }

        public Transform transform { get; }
    }

    public class Behaviour : Component
    {
        public bool enabled { get; set; }
    }

    public class MonoBehaviour : Behaviour
    {
    }

    public sealed class GameObject : Object
    {
        public Transform transform { get; }

        public int layer { get; set; }

        public T[] GetComponents<T>() => Array.Empty<T>();

        public T GetComponent<T>() => default;
    }

    public class Transform : Component
    {
        public Transform parent { get; set; }

        public int childCount { get; }

        public Vector3 position { get; set; }

        public Vector3 eulerAngles { get; set; }

        public Vector3 localScale { get; set; }

        public Transform GetChild(int index) => null;

        public void Rotate(float xAngle, float yAngle, float zAngle)
        {
        }
    }

    public struct Vector2
    {
        public float x, y;

        public Vector2(float x, float y) => (this.x, this.y) = (x, y);
    }

    public struct Vector3
    {
        public float x, y, z;

        public Vector3(float x, float y, float z) => (this.x, this.y, this.z) = (x, y, z);
    }

    public struct Vector4
    {
        public float x, y, z, w;
    }

    public struct Color
    {
        public float r, g, b, a;

        public Color(float r, float g, float b, float a) => (this.r, this.g, this.b, this.a) = (r, g, b, a);
    }

    public class Renderer : Component
    {
        public Material sharedMaterial { get; set; }

        public void GetPropertyBlock(MaterialPropertyBlock properties)
        {
        }

        public void SetPropertyBlock(MaterialPropertyBlock properties)
        {
        }
    }

    public class Texture : Object
    {
    }

    public class Material : Object
    {
        public Shader shader { get; set; }

        public Color GetColor(string name) => default;

        public Vector4 GetVector(string name) => default;

        public float GetFloat(string name) => default;

        public Texture GetTexture(string name) => default;
    }

    public sealed class MaterialPropertyBlock
    {
        public void SetColor(string name, Color value)
        {
        }

        public void SetFloat(string name, float value)
        {
        }

        public bool HasColor(string name) => false;

        public bool HasFloat(string name) => false;

        public Color GetColor(string name) => default;

        public float GetFloat(string name) => default;
    }

    public sealed class Shader : Object
    {
        public int GetPropertyCount() => 0;

        public string GetPropertyName(int propertyIndex) => "";

        public Rendering.ShaderPropertyType GetPropertyType(int propertyIndex) => default;

        public Vector2 GetPropertyRangeLimits(int propertyIndex) => default;
    }

    public static class Debug
    {
        public static void Log(object message)
        {
        }

        public static void LogWarning(object message)
        {
        }

        public static void LogError(object message)
        {
        }
    }

    public static class Application
    {
        public static string productName => "";

        public static string version => "";
    }

    public static class Time
    {
        public static float deltaTime => 0;

        public static float unscaledDeltaTime => 0;
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SerializeField : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class TooltipAttribute : Attribute
    {
        public TooltipAttribute(string tooltip)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class RangeAttribute : Attribute
    {
        public RangeAttribute(float min, float max)
        {
        }
    }
}

namespace UnityEngine.Rendering
{
    public enum ShaderPropertyType
    {
        Color,
        Vector,
        Float,
        Range,
        Texture,
        Int,
    }
}

namespace UnityEngine.SceneManagement
{
    public struct Scene
    {
        public string name { get; }

        public bool isLoaded { get; }

        public GameObject[] GetRootGameObjects() => Array.Empty<GameObject>();
    }

    public static class SceneManager
    {
        public static int sceneCount => 0;

        public static Scene GetActiveScene() => default;

        public static Scene GetSceneAt(int index) => default;
    }
}
