using Mimir.Embed.Hosting;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.InMemory;
using Mimir.Embed.Scene.Toolsets;
using Mimir.Embed.Tests.Support;

namespace Mimir.Embed.Tests.Scene;

/// <summary>The table of toolsets, row by row.</summary>
public sealed class ReadmeToolsetTests
{
    private static readonly string[] s_transform = ["transform_change", "transform_inspect", "transform_position_update", "transform_rotation_update", "transform_scale_update"];

    private static readonly string[] s_property =
    [
        "inspector_component_list", "inspector_property_inspect", "inspector_property_set_boolean", "inspector_property_set_color", "inspector_property_set_float",
        "inspector_property_set_string", "inspector_property_set_vector2", "inspector_property_set_vector3",
    ];

    private static readonly string[] s_material = ["mesh_material_inspect", "mesh_material_set_boolean", "mesh_material_set_color", "mesh_material_set_float"];

    private static string[] All => [.. s_property, "log", .. s_material, "scene_hierarchy_inspect", .. s_transform];

    [Fact]
    public Task UseLogTool_ListsLog() => ListsAsync(new McpHost().UseLogTool(), "log");

    [Fact]
    public Task UseSceneHierarchyToolSet_ListsItsTool() => ListsAsync(new McpHost().UseSceneHierarchyToolSet(), "scene_hierarchy_inspect");

    [Fact]
    public Task UseTransformToolSet_ListsItsTools() => ListsAsync(new McpHost().UseTransformToolSet(), s_transform);

    [Fact]
    public Task UseSerializedPropertyToolSet_ListsItsTools() => ListsAsync(new McpHost().UseSerializedPropertyToolSet(), s_property);

    [Fact]
    public Task UseMaterialToolSet_ListsItsTools() => ListsAsync(new McpHost().UseMaterialToolSet(), s_material);

    [Fact]
    public Task UseDefaultToolSet_ListsAllOfThem() => ListsAsync(new McpHost().UseDefaultToolSet(), All);

    [Fact]
    public Task UseDefaultToolset_OtherSpellingAndTwice_ListsAllOfThemOnce() => ListsAsync(new McpHost(port: 3000).UseLogTool().UseDefaultToolset().UseDefaultToolSet().UseTransformToolSet(), All);

    [Fact]
    public async Task UseDefaultToolset_WithoutAScene_HasAnEmptyOneThatTheAppFills()
    {
        var host = new McpHost(port: 3000).UseDefaultToolset();
        host.GetInMemoryScene().Add("Hero").Position = new(1, 2, 3);
        await using var line = await Line.OpenAsync(host);

        var result = await line.Client.CallToolAsync("transform_inspect", Stage.Of("path", "Hero"));

        Assert.Equal("""{"path":"Hero","position":{"x":1,"y":2,"z":3},"rotation":{"x":0,"y":0,"z":0},"scale":{"x":1,"y":1,"z":1}}""", result.StructuredContent!.Value.GetRawText());
    }

    [Fact]
    public void UseScene_AfterAToolset_SaysThatItComesFirst()
    {
        var host = new McpHost().UseTransformToolSet();

        var error = Assert.Throws<InvalidOperationException>(() => host.UseScene(new InMemoryScene()));

        Assert.Contains("before the toolsets", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task UseDefaultToolSet_OfASceneThatCanNothing_HasNoToolsForIt() => ListsAsync(new McpHost().UseScene(new Bare()).UseDefaultToolSet(), "log", "scene_hierarchy_inspect");

    [Fact]
    public async Task UseDefaultToolSet_OfAReadOnlyHost_HasOnlyWhatInspects()
    {
        await using var line = await Line.OpenAsync(new McpHost(new McpHostOptions { IsReadOnly = true }).UseDefaultToolSet());

        var tools = await line.Client.ListToolsAsync();

        Assert.Equal(
            ["inspector_component_list", "inspector_property_inspect", "mesh_material_inspect", "scene_hierarchy_inspect", "transform_inspect"],
            tools.Select(static t => t.Name).Order(StringComparer.Ordinal));
        Assert.All(tools, static t => Assert.True(t.ProtocolTool.Annotations!.ReadOnlyHint));
    }

    [Fact]
    public async Task List_Schema_HasTheArgumentNamesAndWhatHasToBeGiven()
    {
        await using var stage = await Stage.OpenAsync();

        var told = (await stage.Client.ListToolsAsync()).ToDictionary(static t => t.Name, static t => string.Join(' ', t.JsonSchema.GetProperty("properties").EnumerateObject().Select(p =>
            p.Name + (t.JsonSchema.TryGetProperty("required", out var required) && required.EnumerateArray().Any(r => r.GetString() == p.Name) ? "*" : ""))), StringComparer.Ordinal);

        Assert.Equal("message* level", told["log"]);
        Assert.Equal("path*", told["transform_inspect"]);
        Assert.Equal("path* position_x position_y position_z position_transition_time", told["transform_position_update"]);
        Assert.Equal("path* rotation_x rotation_y rotation_z rotation_transition_time", told["transform_rotation_update"]);
        Assert.Equal("path* scale_x scale_y scale_z scale_transition_time", told["transform_scale_update"]);
        Assert.Equal("path* position_x position_y position_z position_transition_time rotation_x rotation_y rotation_z rotation_transition_time scale_x scale_y scale_z scale_transition_time", told["transform_change"]);
        Assert.Equal("path*", told["inspector_component_list"]);
        Assert.Equal("path* component_type*", told["inspector_property_inspect"]);
        foreach (var one in new[] { "string", "boolean", "float" }) Assert.Equal("path* component_type* property_name* property_value*", told[$"inspector_property_set_{one}"]);
        Assert.Equal("path* component_type* property_name* value_x* value_y*", told["inspector_property_set_vector2"]);
        Assert.Equal("path* component_type* property_name* value_x* value_y* value_z*", told["inspector_property_set_vector3"]);
        Assert.Equal("path* component_type* property_name* color_r* color_g* color_b* color_a", told["inspector_property_set_color"]);
        Assert.Equal("path*", told["mesh_material_inspect"]);
        Assert.Equal("path* property_name* color_r* color_g* color_b* color_a", told["mesh_material_set_color"]);
        foreach (var one in new[] { "boolean", "float" }) Assert.Equal("path* property_name* property_value*", told[$"mesh_material_set_{one}"]);
    }

    private static async Task ListsAsync(McpHost host, params string[] names)
    {
        await using var line = await Line.OpenAsync(host);

        Assert.Equal(names.Order(StringComparer.Ordinal), (await line.Client.ListToolsAsync()).Select(static t => t.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>A scene that has nodes and nothing more.</summary>
    private sealed class Bare : ISceneGraph
    {
        public string Name => "Bare";

        public IReadOnlyList<ISceneNode> Roots => [];

        public ISpatialAccess? Spatial => null;

        public IComponentAccess? Components => null;

        public IMaterialAccess? Materials => null;

        public IFrameClock? Clock => null;

        public ISceneNode? Find(string id) => null;
    }
}
