using Mimir.Embed.Binding;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Resources;

/// <summary>What is in a resource: text or bytes.</summary>
public sealed class ResourceBody
{
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string? _mimeType;

    private ResourceBody(string? text, ReadOnlyMemory<byte> bytes, string? mimeType)
    {
        _text = text;
        _bytes = bytes;
        _mimeType = mimeType;
    }

    /// <summary>Text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mimeType">What it is; null for what the resource says of itself.</param>
    public static ResourceBody Text(string text, string? mimeType = null) => new(text, default, mimeType);

    /// <summary>Bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="mimeType">What they are; null for what the resource says of itself.</param>
    public static ResourceBody Bytes(ReadOnlyMemory<byte> bytes, string? mimeType = null) => new(null, bytes, mimeType);

    /// <summary>A value as JSON: what is public in it.</summary>
    public static ResourceBody Json(object? value) => Text(ValueWriter.Write(value)?.ToJsonString() ?? "null", "application/json");

    internal ResourceContents ToProtocol(string uri, string? mimeType) => _text is { } text
        ? new TextResourceContents { Uri = uri, MimeType = _mimeType ?? mimeType, Text = text }
        : BlobResourceContents.FromBytes(_bytes, uri, _mimeType ?? mimeType);
}
