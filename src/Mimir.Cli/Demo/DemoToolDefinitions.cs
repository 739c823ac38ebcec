using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Demo;

/// <summary>What the demo server says about its tools. Bounds stated here are enforced by <see cref="DemoTools"/>.</summary>
internal static class DemoToolDefinitions
{
    public const string Echo = "echo";
    public const string Add = "add";
    public const string Count = "count";
    public const string Ask = "ask";

    public const int CountDefault = 10;
    public const int CountMost = 1_000;
    public const int DelayDefault = 200;
    public const int DelayMost = 10_000;

    /// <summary>All tools, in the order they are listed.</summary>
    public static IReadOnlyList<Tool> All { get; } =
    [
        new Tool
        {
            Name = Echo,
            Title = "Echo",
            Description = "Returns the given text unchanged.",
            InputSchema = Json("""
                {"type":"object","properties":{"text":{"type":"string","description":"What to return."}},
                "required":["text"],"additionalProperties":false}
                """),
            Annotations = new ToolAnnotations { ReadOnlyHint = true, IdempotentHint = true, DestructiveHint = false, OpenWorldHint = false },
        },
        new Tool
        {
            Name = Add,
            Title = "Add",
            Description = "Adds two numbers and returns their sum as structured content.",
            InputSchema = Json("""
                {"type":"object","properties":{"a":{"type":"number","description":"First addend."},
                "b":{"type":"number","description":"Second addend."}},"required":["a","b"],"additionalProperties":false}
                """),
            OutputSchema = Json("""
                {"type":"object","properties":{"sum":{"type":"number"}},"required":["sum"],"additionalProperties":false}
                """),
            Annotations = new ToolAnnotations { ReadOnlyHint = true, IdempotentHint = true, DestructiveHint = false, OpenWorldHint = false },
        },
        new Tool
        {
            Name = Count,
            Title = "Count slowly",
            Description = "Counts from 1 to a number, waiting before each step. Reports progress when asked to, and stops when cancelled.",
            InputSchema = Json($$$"""
                {"type":"object","properties":{
                "to":{"type":"integer","minimum":1,"maximum":{{{CountMost}}},"default":{{{CountDefault}}},"description":"The last number."},
                "delayMs":{"type":"integer","minimum":0,"maximum":{{{DelayMost}}},"default":{{{DelayDefault}}},
                "description":"Milliseconds before each step."}},"additionalProperties":false}
                """),
            Annotations = new ToolAnnotations { ReadOnlyHint = true, IdempotentHint = true, DestructiveHint = false, OpenWorldHint = false },
        },
        new Tool
        {
            Name = Ask,
            Title = "Ask the user",
            Description = "Puts a question to the user and returns the answer. Needs a client that can be asked (elicitation).",
            InputSchema = Json("""
                {"type":"object","properties":{"question":{"type":"string","minLength":1,"description":"The question to show."}},
                "required":["question"],"additionalProperties":false}
                """),
            Annotations = new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, OpenWorldHint = true },
        },
    ];

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
