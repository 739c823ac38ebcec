using System.Text;
using Mimir.Embed.Attributes;
using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>The tools that tell and change how nodes look.</summary>
/// <param name="scene">The scene.</param>
internal sealed class MaterialTools(HostScene scene)
{
    private const string PropertyWords = "Name of the property, as mesh_material_inspect tells it.";
    private const int MostName = 1024;

    [McpTool("mesh_material_inspect", "Tells the material of a node: its shader and each of its properties.", IsReadOnly = true)]
    public string Inspect([McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path)
    {
        var node = Lookup.Node(scene.Graph, path);
        var material = MaterialOf(node);
        var text = new StringBuilder().Append("Material: ").Append(material.Name).Append("\nShader: ").Append(material.Shader).Append("\nProperties:");
        if (material.Properties.Count == 0) text.Append(" none");
        foreach (var property in material.Properties)
        {
            text.Append("\n- ").Append(property.Name).Append(" (").Append(property.Kind);
            if (property.Kind == MaterialPropertyKind.Range) text.Append(' ').Append(PropertyValues.Show(property.Minimum)).Append(" to ").Append(PropertyValues.Show(property.Maximum));
            text.Append("): ").Append(PropertyValues.Show(property.Value));
        }

        return text.ToString();
    }

    [McpTool("mesh_material_set_color", "Sets a colour of a node's material.", IsIdempotent = true)]
    public string SetColor(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("property_name", PropertyWords, MaxLength = MostName)] string propertyName,
        [McpToolParam("color_r", Minimum = 0, Maximum = 1)] float r,
        [McpToolParam("color_g", Minimum = 0, Maximum = 1)] float g,
        [McpToolParam("color_b", Minimum = 0, Maximum = 1)] float b,
        [McpToolParam("color_a", Minimum = 0, Maximum = 1)] float a = 1)
    {
        var (node, property) = Find(path, propertyName);
        if (property.Kind != MaterialPropertyKind.Color) throw Wrong(property, "color");
        var color = new Rgba(r, g, b, a);
        scene.Graph.Materials!.SetColor(node, property.Name, color);
        return Updated(node, property, color);
    }

    [McpTool("mesh_material_set_float", "Sets a number of a node's material.", IsIdempotent = true)]
    public string SetFloat(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("property_name", PropertyWords, MaxLength = MostName)] string propertyName,
        [McpToolParam("property_value", "The number, in the range if there is one.")] float value)
    {
        var (node, property) = Find(path, propertyName);
        if (property.Kind is not (MaterialPropertyKind.Float or MaterialPropertyKind.Range)) throw Wrong(property, "float");
        MustBeWithin(property, value);
        scene.Graph.Materials!.SetFloat(node, property.Name, value);
        return Updated(node, property, value);
    }

    [McpTool("mesh_material_set_boolean", "Switches something of a node's material on or off. A number becomes 1 or 0.", IsIdempotent = true)]
    public string SetBoolean(
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("property_name", PropertyWords, MaxLength = MostName)] string propertyName,
        [McpToolParam("property_value", "true or false.")] bool value)
    {
        var (node, property) = Find(path, propertyName);
        if (property.Kind is not (MaterialPropertyKind.Float or MaterialPropertyKind.Range or MaterialPropertyKind.Boolean)) throw Wrong(property, "boolean");
        MustBeWithin(property, value ? 1 : 0);
        scene.Graph.Materials!.SetBoolean(node, property.Name, value);
        return Updated(node, property, value);
    }

    private static void MustBeWithin(MaterialProperty property, float value)
    {
        if (property.Kind != MaterialPropertyKind.Range || (value >= property.Minimum && value <= property.Maximum)) return;
        throw new ArgumentException($"property_value is {PropertyValues.Show(value)}: {property.Name} takes {PropertyValues.Show(property.Minimum)} to {PropertyValues.Show(property.Maximum)}.");
    }

    private static string Updated(ISceneNode node, MaterialProperty property, object value) => $"Updated '{property.Name}' on '{node.Path}' to {PropertyValues.Show(value)}.";

    private static ArgumentException Wrong(MaterialProperty property, string word) => new($"'{property.Name}' is a {property.Kind} and cannot be set as {word}.");

    private MaterialInfo MaterialOf(ISceneNode node) => scene.Graph.Materials?.Describe(node) ?? throw new KeyNotFoundException($"'{node.Path}' has no material.");

    private (ISceneNode Node, MaterialProperty Property) Find(string path, string name)
    {
        var node = Lookup.Node(scene.Graph, path);
        var material = MaterialOf(node);
        return (node, material.Properties.FirstOrDefault(p => p.Name == name)
            ?? throw new KeyNotFoundException($"The material of '{node.Path}' has no property '{name}'. It has: {Lookup.Listed(material.Properties.Select(static p => p.Name))}."));
    }
}
