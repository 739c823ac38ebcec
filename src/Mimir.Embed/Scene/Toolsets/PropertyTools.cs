using System.Text.Json.Nodes;
using Mimir.Embed.Attributes;
using Mimir.Embed.Scene.Values;
using Mimir.Embed.Tools;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>The tools that tell and set what nodes are made of.</summary>
/// <param name="scene">The scene.</param>
internal sealed class PropertyTools(HostScene scene)
{
    private const string PropertyWords = "Name of the property, as inspector_property_inspect tells it.";

    /// <summary>Longest name that is read.</summary>
    private const int MostName = 1024;

    private const int MostValue = 65536;

    [McpTool("inspector_component_list", "Lists the types of a node's components.", IsReadOnly = true)]
    public string List([McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path)
    {
        var node = Lookup.Node(scene.Graph, path);
        var all = Lookup.Components(scene.Graph, node);
        return all.Count == 0 ? $"'{node.Path}' has no components that are shown." : $"Components of '{node.Path}':\n{string.Join("\n", all.Select(static c => "- " + c.Name))}";
    }

    [McpTool("inspector_property_inspect", "Tells the properties of a component: names, types, values and whether they can be set.", IsReadOnly = true)]
    public ToolResult Inspect(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("component_type", Lookup.ComponentWords, MaxLength = MostName)] string componentType)
    {
        var node = Lookup.Node(scene.Graph, path);
        var (name, component) = Lookup.Component(scene.Graph, node, node.Path, componentType);
        return ToolResult.Structured(new JsonObject { ["path"] = node.Path, ["component"] = name, ["properties"] = new JsonArray([.. component.Properties.Select(static p => (JsonNode)PropertyValues.Tell(p))]) });
    }

    [McpTool("inspector_property_set_string", "Sets a property that is a string, a character or a word of an enum.", IsIdempotent = true)]
    public string SetString(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("component_type", Lookup.ComponentWords, MaxLength = MostName)] string componentType,
        [McpToolParam("property_name", PropertyWords, MaxLength = MostName)] string propertyName,
        [McpToolParam("property_value", "The text.", MaxLength = MostValue)] string value) =>
        Set(path, componentType, propertyName, "string", type =>
            type == typeof(string) ? value
            : type.IsEnum ? PropertyValues.Named(value, type)
            : type == typeof(char) ? (value.Length == 1 ? value[0] : throw new ArgumentException("property_value is not one character."))
            : null);

    [McpTool("inspector_property_set_boolean", "Sets a property that is true or false.", IsIdempotent = true)]
    public string SetBoolean(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("component_type", Lookup.ComponentWords, MaxLength = MostName)] string componentType,
        [McpToolParam("property_name", PropertyWords, MaxLength = MostName)] string propertyName,
        [McpToolParam("property_value", "true or false.")] bool value) =>
        Set(path, componentType, propertyName, "boolean", type => type == typeof(bool) ? value : null);

    [McpTool("inspector_property_set_float", "Sets a property that is a number, whole or not.", IsIdempotent = true)]
    public string SetFloat(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("component_type", Lookup.ComponentWords, MaxLength = MostName)] string componentType,
        [McpToolParam("property_name", PropertyWords, MaxLength = MostName)] string propertyName,
        [McpToolParam("property_value", "The number.")] double value) =>
        Set(path, componentType, propertyName, "float", type => PropertyValues.IsNumber(type) ? PropertyValues.Number(value, type) : null);

    [McpTool("inspector_property_set_vector2", "Sets a property that is a vector of two numbers.", IsIdempotent = true)]
    public string SetVector2(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("component_type", Lookup.ComponentWords, MaxLength = MostName)] string componentType,
        [McpToolParam("property_name", PropertyWords, MaxLength = MostName)] string propertyName,
        [McpToolParam("value_x")] float x,
        [McpToolParam("value_y")] float y) =>
        Set(path, componentType, propertyName, "vector2", type => type == typeof(Vec2) ? new Vec2(x, y) : null);

    [McpTool("inspector_property_set_vector3", "Sets a property that is a vector of three numbers.", IsIdempotent = true)]
    public string SetVector3(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("component_type", Lookup.ComponentWords, MaxLength = MostName)] string componentType,
        [McpToolParam("property_name", PropertyWords, MaxLength = MostName)] string propertyName,
        [McpToolParam("value_x")] float x,
        [McpToolParam("value_y")] float y,
        [McpToolParam("value_z")] float z) =>
        Set(path, componentType, propertyName, "vector3", type => type == typeof(Vec3) ? new Vec3(x, y, z) : null);

    [McpTool("inspector_property_set_color", "Sets a property that is a colour.", IsIdempotent = true)]
    public string SetColor(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("component_type", Lookup.ComponentWords, MaxLength = MostName)] string componentType,
        [McpToolParam("property_name", PropertyWords, MaxLength = MostName)] string propertyName,
        [McpToolParam("color_r", Minimum = 0, Maximum = 1)] float r,
        [McpToolParam("color_g", Minimum = 0, Maximum = 1)] float g,
        [McpToolParam("color_b", Minimum = 0, Maximum = 1)] float b,
        [McpToolParam("color_a", Minimum = 0, Maximum = 1)] float a = 1) =>
        Set(path, componentType, propertyName, "color", type => type == typeof(Rgba) ? new Rgba(r, g, b, a) : null);

    /// <summary>Sets a property.</summary>
    /// <param name="path">The node.</param>
    /// <param name="componentType">The component.</param>
    /// <param name="propertyName">The property.</param>
    /// <param name="word">What the tool sets.</param>
    /// <param name="make">Makes the value for a type; null when the tool sets no such type.</param>
    private string Set(string path, string componentType, string propertyName, string word, Func<Type, object?> make)
    {
        var node = Lookup.Node(scene.Graph, path);
        var (name, component) = Lookup.Component(scene.Graph, node, node.Path, componentType);
        var property = Lookup.Property(name, component, propertyName);
        if (!property.IsWritable) throw new ArgumentException($"'{propertyName}' of {name} can be read and not set.");
        var value = make(PropertyValues.Plain(property.Type)) ?? throw new ArgumentException($"'{propertyName}' of {name} is {PropertyValues.Word(property.Type)} and not {word}: use the tool for that type.");
        property.Write(value);
        return $"Updated '{propertyName}' of {name} on '{node.Path}' to {PropertyValues.Show(value)}.";
    }
}
