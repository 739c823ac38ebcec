namespace Mimir.Embed.Attributes;

/// <summary>Makes a prompt of a method: a text for the user's model, made when the user picks it. Its parameters are the prompt's arguments.</summary>
/// <param name="promptName">Its name: 1 to 64 letters, digits, underscores and dashes. Null to make it of the method's name: <c>SetTheScene</c> is <c>set_the_scene</c>.</param>
/// <param name="description">What it is for, for the user.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpPromptAttribute(string? promptName = null, string description = "") : Attribute
{
    /// <summary>Its name.</summary>
    public string? PromptName { get; } = promptName;

    /// <summary>What it is for, for the user.</summary>
    public string Description { get; } = description;

    /// <summary>Its name for people.</summary>
    public string? Title { get; set; }

    /// <summary>Where it runs. Default on the main thread.</summary>
    public RunOn RunOn { get; set; }

    /// <summary>Longest time it may take, in seconds; 0 for that of calls of the host.</summary>
    public double TimeoutSeconds { get; set; }
}
