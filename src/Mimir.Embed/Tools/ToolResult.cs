using System.Text.Json.Nodes;
using Mimir.Embed.Resources;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tools;

/// <summary>What a tool answers: blocks of content, in their order, and structured content where there is any.</summary>
public sealed class ToolResult
{
    private readonly List<ContentBlock> _content = new(1);

    /// <summary>The blocks.</summary>
    public IReadOnlyList<ContentBlock> Content => _content;

    /// <summary>The structured content; null for none.</summary>
    public JsonNode? StructuredContent { get; private set; }

    /// <summary>Whether the tool says that it failed.</summary>
    public bool IsError { get; private set; }

    /// <summary>Text.</summary>
    public static ToolResult Text(string text) => new ToolResult().With(new TextContentBlock { Text = text });

    /// <summary>A picture.</summary>
    /// <param name="bytes">The file, e.g. a PNG.</param>
    /// <param name="mimeType">What it is.</param>
    public static ToolResult Image(ReadOnlyMemory<byte> bytes, string mimeType = "image/png") => new ToolResult().With(ImageContentBlock.FromBytes(bytes, mimeType));

    /// <summary>A sound.</summary>
    /// <param name="bytes">The file, e.g. a WAV.</param>
    /// <param name="mimeType">What it is.</param>
    public static ToolResult Audio(ReadOnlyMemory<byte> bytes, string mimeType = "audio/wav") => new ToolResult().With(AudioContentBlock.FromBytes(bytes, mimeType));

    /// <summary>A resource with what is in it, so that the client need not read it.</summary>
    /// <param name="uri">Its address.</param>
    /// <param name="body">What is in it.</param>
    /// <param name="mimeType">What that is; null for what the body says.</param>
    public static ToolResult Embedded(string uri, ResourceBody body, string? mimeType = null) => new ToolResult().With(new EmbeddedResourceBlock { Resource = body.ToProtocol(uri, mimeType) });

    /// <summary>A value as structured content, and as text for clients that read only that.</summary>
    /// <param name="value">An object, a record, a dictionary: what is public in it. What is no object is told under <c>result</c>.</param>
    public static ToolResult Structured(object value)
    {
        var node = Binding.ValueWriter.Write(value);
        return new ToolResult { StructuredContent = node is JsonObject ? node : new JsonObject { ["result"] = node?.DeepClone() } }.With(new TextContentBlock { Text = node?.ToJsonString() ?? "null" });
    }

    /// <summary>A link to a resource of this host.</summary>
    public static ToolResult Link(string uri, string name, string? description = null, string? mimeType = null) =>
        new ToolResult().With(new ResourceLinkBlock { Uri = uri, Name = name, Description = description, MimeType = mimeType });

    /// <summary>The tool failed, and says so in words that the model reads.</summary>
    public static ToolResult Error(string text) => new ToolResult { IsError = true }.With(new TextContentBlock { Text = text });

    /// <summary>Adds a block.</summary>
    public ToolResult With(ContentBlock block)
    {
        _content.Add(block);
        return this;
    }

    /// <summary>Adds the blocks of another result.</summary>
    public ToolResult With(ToolResult other)
    {
        _content.AddRange(other._content);
        return this;
    }

    /// <summary>Adds text.</summary>
    public ToolResult WithText(string text) => With(new TextContentBlock { Text = text });

    /// <summary>Says the same for programs.</summary>
    internal ToolResult WithStructured(JsonObject node)
    {
        StructuredContent = node;
        return this;
    }

    /// <summary>What any value answers: a result is itself, text is text, nothing is <c>Done.</c>, and anything else is structured.</summary>
    internal static ToolResult Of(object? value) => value switch
    {
        null => Text("Done."),
        ToolResult result => result,
        string text => Text(text),
        ContentBlock block => new ToolResult().With(block),
        IEnumerable<ContentBlock> blocks => blocks.Aggregate(new ToolResult(), static (result, block) => result.With(block)),
        byte[] image => Image(image),
        _ => Structured(value),
    };

    internal CallToolResult ToProtocol() => new()
    {
        Content = [.. _content],
        StructuredContent = StructuredContent is { } node ? System.Text.Json.JsonSerializer.SerializeToElement(node, Binding.NodeJson.Default.JsonNode) : null,
        IsError = IsError ? true : null,
    };
}
