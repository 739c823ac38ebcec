using Mimir.Embed.Attributes;
using Mimir.Embed.Prompts;
using ModelContextProtocol.Protocol;

namespace Mimir.Conformance.Embedded;

/// <summary>The prompts.</summary>
internal sealed class AppPrompts
{
    [McpPrompt("test_simple_prompt", "One line.")]
    public string Simple() => "This is a simple prompt for testing.";

    [McpPrompt("test_prompt_with_arguments", "Repeats its two arguments.")]
    public string Arguments([McpToolParam(description: "First test argument.")] string arg1, [McpToolParam(description: "Second test argument.")] string arg2) =>
        $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpPrompt("test_prompt_with_embedded_resource", "Carries a resource.")]
    public PromptResult Resource([McpToolParam(description: "URI of the resource to embed.")] string resourceUri) => new PromptResult()
        .User(new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = resourceUri, MimeType = "text/plain", Text = "Embedded resource content for testing." } })
        .User("Please process the embedded resource above.");

    [McpPrompt("test_prompt_with_image", "Carries an image.")]
    public PromptResult Image() => new PromptResult().User(ImageContentBlock.FromBytes(Samples.Png, "image/png")).User("Please analyze the image above.");

    [McpPrompt("test_input_required_result_prompt", "Asks for a context first.")]
    public async Task<string> AskAsync(PromptContext context) => $"Use this context: {(await context.AskAsync(Forms.Context, "user_context")).Field("context")}";
}
