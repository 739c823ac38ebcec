using Mimir.Embed.Attributes;
using Mimir.Embed.Resources;
using Mimir.Embed.Tools;

namespace Mimir.Conformance.Embedded;

/// <summary>Tools that answer every kind of content.</summary>
internal sealed class ContentTools
{
    [McpTool("test_simple_text", "Answers one line of text.")]
    public string Text() => "This is a simple text response for testing.";

    [McpTool("test_image_content", "Answers an image.")]
    public byte[] Image() => Samples.Png;

    [McpTool("test_audio_content", "Answers a sound.")]
    public ToolResult Audio() => ToolResult.Audio(Samples.Wav);

    [McpTool("test_embedded_resource", "Answers a resource with its content inside.")]
    public ToolResult Embedded() => ToolResult.Embedded("test://embedded-resource", ResourceBody.Text("This is an embedded resource content.", "text/plain"));

    [McpTool("test_multiple_content_types", "Answers text, image and resource at once.")]
    public ToolResult Mixed() => ToolResult.Text("Multiple content types test:")
        .With(ToolResult.Image(Samples.Png))
        .With(ToolResult.Embedded("test://mixed-content-resource", ResourceBody.Json(new { Test = "data", Value = 123 })));

    [McpTool("test_error_handling", "Always fails, as a tool does.")]
    public ToolResult Fail() => ToolResult.Error("This tool intentionally returns an error for testing");
}
