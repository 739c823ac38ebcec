using System.Text.Json;
using Mimir.Protocol.Revisions;

namespace Mimir.Router.Upstreams;

/// <summary>What was settled when a connection was opened.</summary>
public sealed class Handshake
{
    /// <summary>Before the handshake.</summary>
    public static readonly Handshake None = new(Revision.LatestLegacy, "{}"u8.ToArray());

    private readonly JsonElement _result;

    /// <summary>Creates one from the result of <c>initialize</c> or <c>server/discover</c>.</summary>
    /// <param name="revision">The revision to speak.</param>
    /// <param name="result">The JSON object.</param>
    public Handshake(Revision revision, ReadOnlyMemory<byte> result)
    {
        Revision = revision;
        using var document = JsonDocument.Parse(result);
        _result = document.RootElement.Clone();
    }

    /// <summary>The revision spoken.</summary>
    public Revision Revision { get; }

    /// <summary>What the server tells clients to know of it, or null.</summary>
    public string? Instructions =>
        _result.ValueKind == JsonValueKind.Object && _result.TryGetProperty("instructions", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    /// <summary>Its capabilities; an undefined element when it states none.</summary>
    public JsonElement Capabilities =>
        _result.ValueKind == JsonValueKind.Object && _result.TryGetProperty("capabilities", out var found) ? found : default;

    /// <summary>Tells whether a capability is declared, e.g. <c>Has("resources", "subscribe")</c>.</summary>
    public bool Has(string name, string? member = null)
    {
        var capabilities = Capabilities;
        if (capabilities.ValueKind != JsonValueKind.Object || !capabilities.TryGetProperty(name, out var found)
            || found.ValueKind is JsonValueKind.Null or JsonValueKind.False)
        {
            return false;
        }

        return member is null || (found.ValueKind == JsonValueKind.Object && found.TryGetProperty(member, out var inner)
            && inner.ValueKind is not (JsonValueKind.False or JsonValueKind.Null));
    }
}
