using System.Text.Json;

namespace Mimir.Wicked.Server;

/// <summary>One open <c>subscriptions/listen</c>.</summary>
internal sealed class Listen(Exchange exchange)
{
    private readonly JsonElement _wanted = exchange.Frame.Params.Get("notifications");

    /// <summary>Says what is honoured: everything that was asked for.</summary>
    public Task AcknowledgeAsync() => exchange.NotifyAsync(
        "notifications/subscriptions/acknowledged",
        $"{{\"notifications\":{(_wanted.ValueKind == JsonValueKind.Undefined ? "{}" : _wanted.GetRawText())},{Stamp}}}");

    /// <summary>Passes a change of a list on, if it was asked for.</summary>
    public Task ChangedAsync(string kind) => _wanted.Get(kind + "ListChanged").ValueKind == JsonValueKind.True
        ? exchange.NotifyAsync($"notifications/{kind}/list_changed", $"{{{Stamp}}}")
        : Task.CompletedTask;

    /// <summary>Passes an update of a resource on, if it was asked for.</summary>
    public Task UpdatedAsync(string uri)
    {
        var uris = _wanted.Get("resourceSubscriptions");
        return uris.ValueKind == JsonValueKind.Array && uris.EnumerateArray().Any(u => u.AsText() == uri)
            ? exchange.NotifyAsync("notifications/resources/updated", $"{{\"uri\":{Json.Text(uri)},{Stamp}}}")
            : Task.CompletedTask;
    }

    private string Stamp => $"\"_meta\":{{\"io.modelcontextprotocol/subscriptionId\":{exchange.Id}}}";
}
