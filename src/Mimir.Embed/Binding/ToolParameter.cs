using Mimir.Embed.Attributes;

namespace Mimir.Embed.Binding;

/// <summary>A parameter of a tool, as its schema tells it and its binder takes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of the values that the tool gets.</param>
/// <param name="Description">What it is, for the model.</param>
/// <param name="IsRequired">Whether a call has to give it.</param>
/// <param name="Default">What the tool gets when it is not given or null; DBNull when the schema tells no default.</param>
/// <param name="Rules">Bounds; null for none.</param>
internal sealed record ToolParameter(string Name, Type Type, string Description, bool IsRequired, object? Default, McpToolParamAttribute? Rules)
{
    /// <summary>Stands for a value that is there and not told.</summary>
    public static object Untold => DBNull.Value;
}
