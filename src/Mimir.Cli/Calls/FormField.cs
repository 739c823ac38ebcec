using System.Text.Json;

namespace Mimir.Cli.Calls;

/// <summary>One field of a form, ready to be asked. Label, description, hint and choices come from the server.</summary>
internal sealed record FormField
{
    /// <summary>Its key in the answer.</summary>
    public required string Name { get; init; }

    /// <summary>What to call it.</summary>
    public required string Label { get; init; }

    /// <summary>What it is for, or null.</summary>
    public string? Description { get; init; }

    /// <summary>What may be typed, in a few words.</summary>
    public required string Hint { get; init; }

    /// <summary>Whether the form cannot be sent without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What an empty line means, or null.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>What there is to choose from; empty for a free answer.</summary>
    public IReadOnlyList<FormChoice> Choices { get; init; } = [];

    /// <summary>Turns what was typed into a value, or says what is wrong with it.</summary>
    public required Func<string, (JsonElement? Value, string? Error)> Parse { get; init; }
}
