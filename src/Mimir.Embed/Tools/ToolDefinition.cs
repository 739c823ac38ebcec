using System.Text.Json;
using Mimir.Embed.Attributes;

namespace Mimir.Embed.Tools;

/// <summary>A tool: what is told of it, and what it does.</summary>
/// <param name="Name">1 to 64 letters, digits, underscores and dashes.</param>
/// <param name="Description">What it does, for the model.</param>
/// <param name="InputSchema">The JSON Schema of its arguments: an object.</param>
/// <param name="Run">Does it.</param>
public sealed record ToolDefinition(string Name, string Description, JsonElement InputSchema, Func<ToolContext, ValueTask<ToolResult>> Run)
{
    /// <summary>Its name for people; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>Where it runs. Default on the main thread.</summary>
    public RunOn RunOn { get; init; }

    /// <summary>Whether it changes nothing.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether it may destroy something.</summary>
    public bool IsDestructive { get; init; } = true;

    /// <summary>Whether it does no harm to run it twice.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>Whether it reaches beyond the app.</summary>
    public bool IsOpenWorld { get; init; }

    /// <summary>Longest time a call may take; null for that of the host.</summary>
    public TimeSpan? Timeout { get; init; }
}
