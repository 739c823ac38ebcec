using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Setup;

/// <summary>One of the tools that set things up.</summary>
/// <param name="Name">Its name, as it is listed.</param>
/// <param name="Changes">Whether it changes anything.</param>
/// <param name="Definition">What clients are told of it.</param>
/// <param name="Run">Does its work.</param>
internal sealed record SetupTool(string Name, bool Changes, Tool Definition, Func<SetupCall, CancellationToken, ValueTask<CallToolResult>> Run)
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="title">For people.</param>
    /// <param name="description">For models.</param>
    /// <param name="properties">Its arguments, as the members of JSON Schema's <c>properties</c>.</param>
    /// <param name="required">Which of them have to be there.</param>
    /// <param name="effect">What it does to the world.</param>
    /// <param name="run">Does its work.</param>
    public static SetupTool Of(
        string name, string title, string description, string properties, string[] required, SetupEffect effect, Func<SetupCall, CancellationToken, ValueTask<CallToolResult>> run)
    {
        using var schema = JsonDocument.Parse(
            $$"""{"type":"object","properties":{ {{properties}} },"required":[{{string.Join(',', required.Select(static r => $"\"{r}\""))}}],"additionalProperties":false}""");
        return new SetupTool(name, effect != SetupEffect.Reads, new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = schema.RootElement.Clone(),
            Annotations = new ToolAnnotations
            {
                ReadOnlyHint = effect == SetupEffect.Reads,
                DestructiveHint = effect == SetupEffect.Removes,
                IdempotentHint = effect == SetupEffect.Reads,
                OpenWorldHint = false,
            },
        }, run);
    }
}
