using Mimir.Embed.Hosting;
using Mimir.Embed.Scene.InMemory;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>
/// Toolsets over an app's scene: <c>new McpHost(port: 3000).UseScene(scene).UseDefaultToolSet()</c>. A toolset that is used twice is there
/// once; one for which the scene has nothing adds nothing; of a host that is read-only, only tools that inspect are there.
/// </summary>
#pragma warning disable CA1708 // Two names differ in case alone: both are written in what apps are ported from, and one calls the other.
public static class SceneToolsets
#pragma warning restore CA1708
{
    /// <summary>Gives the host its scene. Call it before the toolsets.</summary>
    /// <exception cref="InvalidOperationException">The host has another already.</exception>
    public static McpHost UseScene(this McpHost host, ISceneGraph scene)
    {
        HostScene.Of(host).Set(scene);
        return host;
    }

    /// <summary>The scene of the host: the one that it was given, or an empty <see cref="InMemoryScene"/>, from then on its own.</summary>
    public static ISceneGraph GetScene(this McpHost host) => HostScene.Of(host).Graph;

    /// <summary>The scene of a host that was given none, to be filled by the app.</summary>
    /// <exception cref="InvalidOperationException">The host was given a scene of another kind.</exception>
    public static InMemoryScene GetInMemoryScene(this McpHost host) =>
        host.GetScene() as InMemoryScene ?? throw new InvalidOperationException($"The host's scene is a {host.GetScene().GetType().Name}: use GetScene.");

    /// <summary>Adds <c>log</c>.</summary>
    /// <param name="host">The host.</param>
    /// <param name="sink">Where it writes; null for as before, which is <see cref="McpHostOptions.Log"/> or, without that, the listeners of <see cref="System.Diagnostics.Trace"/>.</param>
    public static McpHost UseLogTool(this McpHost host, ILogSink? sink = null)
    {
        var scene = HostScene.Of(host);
        if (sink is not null) scene.Sink = sink;
        return Use(host, scene, "log", true, static s => new LogTools(s));
    }

    /// <summary>Adds <c>scene_hierarchy_inspect</c>, which is called <c>scene_hierarchy</c> as well.</summary>
    public static McpHost UseSceneHierarchyToolSet(this McpHost host)
    {
        Use(host, HostScene.Of(host), "hierarchy", true, static s => new HierarchyTools(s));
        host.Tools.AddAlias("scene_hierarchy", "scene_hierarchy_inspect");
        return host;
    }

    /// <summary>Adds <c>transform_inspect</c>, <c>transform_position_update</c>, <c>transform_rotation_update</c>, <c>transform_scale_update</c> and <c>transform_change</c>.</summary>
    public static McpHost UseTransformToolSet(this McpHost host)
    {
        var scene = HostScene.Of(host);
        return Use(host, scene, "transform", scene.Graph.Spatial is not null, static s => new TransformTools(s));
    }

    /// <summary>Adds <c>inspector_component_list</c>, <c>inspector_property_inspect</c> and the setters <c>inspector_property_set_string</c>, <c>_boolean</c>, <c>_float</c>, <c>_vector2</c>, <c>_vector3</c> and <c>_color</c>.</summary>
    public static McpHost UseSerializedPropertyToolSet(this McpHost host)
    {
        var scene = HostScene.Of(host);
        return Use(host, scene, "property", scene.Graph.Components is not null, static s => new PropertyTools(s));
    }

    /// <summary>Adds <c>mesh_material_inspect</c>, <c>mesh_material_set_color</c>, <c>mesh_material_set_float</c> and <c>mesh_material_set_boolean</c>.</summary>
    public static McpHost UseMaterialToolSet(this McpHost host)
    {
        var scene = HostScene.Of(host);
        return Use(host, scene, "material", scene.Graph.Materials is not null, static s => new MaterialTools(s));
    }

    /// <summary>Adds all of them.</summary>
    public static McpHost UseDefaultToolSet(this McpHost host) =>
        host.UseLogTool().UseSceneHierarchyToolSet().UseTransformToolSet().UseSerializedPropertyToolSet().UseMaterialToolSet();

    /// <summary>Adds all of them: <see cref="UseDefaultToolSet"/> as others spell it.</summary>
    public static McpHost UseDefaultToolset(this McpHost host) => host.UseDefaultToolSet();

    private static McpHost Use(McpHost host, HostScene scene, string toolset, bool isThere, Func<HostScene, object> make)
    {
        if (isThere && scene.Use(toolset)) host.UseTools(make(scene));
        return host;
    }
}
