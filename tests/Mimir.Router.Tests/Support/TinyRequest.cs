using System.Text.Json;

namespace Mimir.Router.Tests.Support;

/// <summary>One HTTP request that reached a <see cref="TinyHttp"/>.</summary>
/// <param name="Http">The HTTP method.</param>
/// <param name="Path">What is asked for, with its query.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">The message; undefined when there is none.</param>
public sealed record TinyRequest(string Http, string Path, IReadOnlyDictionary<string, string> Headers, JsonElement Body)
{
    /// <summary>The MCP method, or null.</summary>
    public string? Method => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("method", out var name) ? name.GetString() : null;

    /// <summary>The id as it stands on the wire; empty for a notification.</summary>
    public string Id => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("id", out var id) ? id.GetRawText() : "";

    /// <summary>The session it names, or null.</summary>
    public string? Session => Headers.GetValueOrDefault("Mcp-Session-Id");
}
