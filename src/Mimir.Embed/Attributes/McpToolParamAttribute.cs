namespace Mimir.Embed.Attributes;

/// <summary>Says more of a parameter of a tool than its type does. On a field or property of an <see cref="Tools.McpToolBase"/> it makes it one.</summary>
/// <param name="paramName">Its name; null for that of the parameter, field or property, the first letter small.</param>
/// <param name="description">What it is, for the model.</param>
/// <param name="isRequired">Whether a call has to give it. Parameters of methods without a default have to be given whatever this says.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class McpToolParamAttribute(string? paramName = null, string description = "", bool isRequired = false) : Attribute
{
    /// <summary>Its name.</summary>
    public string? ParamName { get; } = paramName;

    /// <summary>What it is, for the model.</summary>
    public string Description { get; } = description;

    /// <summary>Whether a call has to give it.</summary>
    public bool IsRequired { get; } = isRequired;

    /// <summary>The smallest number taken. Default none.</summary>
    public double Minimum { get; set; } = double.NegativeInfinity;

    /// <summary>The largest number taken. Default none.</summary>
    public double Maximum { get; set; } = double.PositiveInfinity;

    /// <summary>Fewest characters of a string, or items of an array. Default 0.</summary>
    public int MinLength { get; set; }

    /// <summary>Most characters of a string, or items of an array. Default none but that of a request.</summary>
    public int MaxLength { get; set; } = int.MaxValue;

    /// <summary>The strings that are taken, and no others; empty for any.</summary>
    public string[] Choices { get; set; } = [];
}
