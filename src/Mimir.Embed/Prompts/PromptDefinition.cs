using Mimir.Embed.Attributes;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Prompts;

/// <summary>A prompt: what is told of it, and what it gives.</summary>
/// <param name="Name">1 to 64 letters, digits, underscores and dashes.</param>
/// <param name="Description">What it is for, for the user.</param>
/// <param name="Arguments">What it is given: texts, by their names.</param>
/// <param name="Run">Makes it.</param>
public sealed record PromptDefinition(string Name, string Description, IReadOnlyList<PromptArgument> Arguments, Func<PromptContext, ValueTask<PromptResult>> Run)
{
    /// <summary>Its name for people; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>Where it runs. Default on the main thread.</summary>
    public RunOn RunOn { get; init; }

    /// <summary>Longest time it may take; null for that of calls of the host.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The values that arguments can have, of those that have only so many.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Choices { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}
