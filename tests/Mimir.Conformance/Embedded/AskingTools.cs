using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Tools;
using ModelContextProtocol.Protocol;

namespace Mimir.Conformance.Embedded;

/// <summary>Tools that ask the client one thing, in either era.</summary>
internal sealed class AskingTools
{
    [McpTool("test_sampling", "Asks the client's model.")]
    public async Task<string> SampleAsync(ToolContext context, [McpToolParam(description: "The prompt to send to the model.")] string prompt) =>
        $"LLM response: {await context.SampleAsync(prompt, 100)}";

    [McpTool("test_missing_capability", "Needs a client that can sample.")]
    public Task<string> SampleHelloAsync(ToolContext context) => context.SampleAsync("Say hello", 20);

    [McpTool("test_elicitation", "Asks the user.")]
    public async Task<string> ElicitAsync(ToolContext context, [McpToolParam(description: "The message to show the user.")] string message) =>
        $"User response: {Told(await context.AskAsync(Forms.Contact(message)))}";

    [McpTool("test_elicitation_sep1034_defaults", "Asks the user with a default for every primitive type.")]
    public async Task<string> DefaultsAsync(ToolContext context) => $"Elicitation completed: {Told(await context.AskAsync(Forms.Defaults))}";

    [McpTool("test_elicitation_sep1330_enums", "Asks the user with every kind of enumeration.")]
    public async Task<string> EnumsAsync(ToolContext context) => $"Elicitation completed: {Told(await context.AskAsync(Forms.Choices))}";

    [McpTool("test_streaming_elicitation", "Asks for a name after some progress.")]
    public async Task<string> StreamAsync(ToolContext context)
    {
        await context.ReportAsync(1, 2);
        return Greeting(await context.AskAsync(Forms.Name));
    }

    /// <summary>A greeting of who has said a name.</summary>
    internal static string Greeting(ElicitResult result) => $"Hello, {result.Field("name") ?? "whoever you are"}!";

    private static string Told(ElicitResult result) => $"action={result.Action}, content={JsonSerializer.Serialize(result.Content)}";
}
