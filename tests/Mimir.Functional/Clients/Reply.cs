using System.Text.Json;

namespace Mimir.Functional.Clients;

/// <summary>How a request ended.</summary>
/// <param name="Status">HTTP status, 0 where there is none.</param>
/// <param name="Text">The bytes that came: a JSON-RPC answer, or whatever else the reply was; null when it ended without a word.</param>
internal sealed record Reply(int Status, string? Text)
{
    private JsonElement? _root;

    /// <summary>The answer; undefined when it was none.</summary>
    public JsonElement Root => _root ??= Parse(Text);

    /// <summary>The result, undefined for an error.</summary>
    public JsonElement Result => Root.At("result");

    /// <summary>The error, undefined for a result.</summary>
    public JsonElement Error => Root.At("error");

    /// <summary>The code of the error, null for a result.</summary>
    public int? Code => Error.ValueKind == JsonValueKind.Object ? Error.At("code").GetInt32() : null;

    /// <summary>The text of a tool's first content block, null when there is none.</summary>
    public string? ToolText => Result.At("content") is { ValueKind: JsonValueKind.Array } content && content.GetArrayLength() > 0
        ? content[0].At("text").GetString()
        : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Status} {(Text is { Length: > 600 } ? Text[..600] + "..." : Text ?? "(nothing)")}";

    private static JsonElement Parse(string? text)
    {
        try
        {
            return text is null ? default : JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
