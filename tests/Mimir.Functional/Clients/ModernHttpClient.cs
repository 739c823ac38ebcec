using System.Text;
using System.Text.Json;

namespace Mimir.Functional.Clients;

/// <summary>Stateless Streamable HTTP.</summary>
internal sealed class ModernHttpClient : HttpRawClient
{
    public ModernHttpClient(string url)
        : base(url) => Modern = true;

    /// <summary>More headers of every request.</summary>
    public (string Name, string? Value)[] MoreHeaders { get; set; } = [];

    /// <summary>The headers that mirror a frame.</summary>
    public static (string Name, string? Value)[] Mirror(string frame)
    {
        var root = JsonElement.Parse(frame);
        var method = root.At("method").Str();
        var name = method switch
        {
            "tools/call" or "prompts/get" => root.At("params", "name").Str(),
            "resources/read" => root.At("params", "uri").Str(),
            "tasks/get" or "tasks/update" or "tasks/cancel" => root.At("params", "taskId").Str(),
            _ => null,
        };
        if (name is not null && name.Any(c => c is < ' ' or > '~')) name = $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(name))}?=";
        return
        [
            ("Accept", "application/json, text/event-stream"),
            ("MCP-Protocol-Version", Envelope.Revision),
            ("Mcp-Method", method),
            ("Mcp-Name", name),
        ];
    }

    /// <summary>Closing the reply is how a modern request is cancelled.</summary>
    public override Task CancelAsync(string id)
    {
        HangUp(id);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override (string Name, string? Value)[] Headers(string frame, string? id) => [.. Mirror(frame), .. MoreHeaders];
}
