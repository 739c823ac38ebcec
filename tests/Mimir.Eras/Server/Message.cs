using System.Text.Json;

namespace Mimir.Eras.Server;

/// <summary>One message that came in.</summary>
internal sealed class Message
{
    public Message(JsonElement root)
    {
        Root = root;
        Method = root.Get("method").AsText();
        var id = root.Get("id");
        Id = id.ValueKind is JsonValueKind.Undefined ? null : id.GetRawText();
        Params = root.Get("params");
        Meta = Params.Get("_meta");
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

    /// <summary>Whether it wants an answer.</summary>
    public bool IsRequest => Method is not null && Id is not null;
}
