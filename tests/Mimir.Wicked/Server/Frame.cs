using System.Text.Json;

namespace Mimir.Wicked.Server;

/// <summary>One message that came in.</summary>
internal sealed class Frame
{
    private Frame(JsonElement root)
    {
        Root = root;
        Method = root.Get("method").AsText();
        var id = root.Get("id");
        Id = id.ValueKind is JsonValueKind.Undefined ? null : id.GetRawText();
        Params = root.Get("params");
        Meta = Params.Get("_meta");
        Revision = Meta.Get("io.modelcontextprotocol/protocolVersion").AsText();
    }

    /// <summary>The whole message.</summary>
    public JsonElement Root { get; }

    /// <summary>The method, null for an answer.</summary>
    public string? Method { get; }

    /// <summary>The id as it was written, null for a notification.</summary>
    public string? Id { get; }

    /// <summary>The params, undefined when absent.</summary>
    public JsonElement Params { get; }

    /// <summary>The <c>_meta</c> of the params, undefined when absent.</summary>
    public JsonElement Meta { get; }

    /// <summary>The revision that the message claims in its <c>_meta</c>; null makes it a legacy message.</summary>
    public string? Revision { get; }

    /// <summary>Whether the message belongs to the modern era.</summary>
    public bool Modern => Revision is not null;

    /// <summary>The messages of one body or line: several for a batch, none when it is not JSON.</summary>
    public static IReadOnlyList<Frame> Read(ReadOnlySpan<byte> bytes)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            return [];
        }

        return root.ValueKind switch
        {
            JsonValueKind.Object => [new Frame(root)],
            JsonValueKind.Array => [.. root.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).Select(e => new Frame(e))],
            _ => [],
        };
    }
}
