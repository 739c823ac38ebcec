using System.Text.Json;
using Mimir.Protocol.Revisions;

namespace Mimir.Router.Upstreams;

/// <summary>What was settled when a connection was opened.</summary>
public sealed class Handshake
{
    /// <summary>Before the handshake.</summary>
    public static readonly Handshake None = new(Revision.LatestLegacy, "{}"u8.ToArray());

    /// <summary>The name of the extension for tasks (2026-07-28).</summary>
    public const string TaskExtension = "io.modelcontextprotocol/tasks";

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

    /// <summary>What the server calls itself, with its version; empty when it says nothing.</summary>
    public string Title
    {
        get
        {
            var info = Member(_result, "serverInfo");
            info = info.ValueKind == JsonValueKind.Object ? info : Member(Member(_result, "_meta"), "io.modelcontextprotocol/serverInfo");
            return string.Join(' ', new[] { Text(info, "name"), Text(info, "version") }.Where(t => t.Length > 0));

            static JsonElement Member(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var found) ? found : default;
            static string Text(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        }
    }

    /// <summary>Its capabilities; an undefined element when it states none.</summary>
    public JsonElement Capabilities =>
        _result.ValueKind == JsonValueKind.Object && _result.TryGetProperty("capabilities", out var found) ? found : default;

    /// <summary>True when calls of tools may be tasks of 2025-11-25 there.</summary>
    public bool RunsTasks =>
        Capabilities is { ValueKind: JsonValueKind.Object } capabilities && Find(capabilities, "tasks", "requests", "tools", "call");

    /// <summary>True when calls of tools may be tasks of the extension of 2026-07-28 there.</summary>
    public bool HasTaskExtension =>
        Capabilities is { ValueKind: JsonValueKind.Object } capabilities && Find(capabilities, "extensions", TaskExtension);

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

    private static bool Find(JsonElement from, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from))
            {
                return false;
            }
        }

        return from.ValueKind == JsonValueKind.Object;
    }
}
