namespace Mimir.Embed.Attributes;

/// <summary>Makes a tool of a class that is an <see cref="Tools.McpToolBase"/>, or of a method.</summary>
/// <param name="toolName">Its name: 1 to 64 letters, digits, underscores and dashes, as every client takes them. Null, for a method, to make it of the method's name: <c>SpawnEnemy</c> is <c>spawn_enemy</c>.</param>
/// <param name="description">What it does, for the model.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class McpToolAttribute(string? toolName = null, string description = "") : Attribute
{
    /// <summary>Its name.</summary>
    public string? ToolName { get; } = toolName;

    /// <summary>What it does, for the model.</summary>
    public string Description { get; } = description;

    /// <summary>Its name for people.</summary>
    public string? Title { get; set; }

    /// <summary>Where it runs. Default on the main thread.</summary>
    public RunOn RunOn { get; set; }

    /// <summary>Whether it changes nothing. Told to clients as a hint, and only such tools are there in a host that is read-only.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Whether it may destroy something. A hint for clients. Default true for a tool that is not read-only, as the protocol has it.</summary>
    public bool IsDestructive { get; set; } = true;

    /// <summary>Whether it does no harm to run it twice. A hint for clients.</summary>
    public bool IsIdempotent { get; set; }

    /// <summary>Whether it reaches beyond the app. A hint for clients.</summary>
    public bool IsOpenWorld { get; set; }

    /// <summary>Longest time a call may take, in seconds; 0 for that of the host.</summary>
    public double TimeoutSeconds { get; set; }
}
