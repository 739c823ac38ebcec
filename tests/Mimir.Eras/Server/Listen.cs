using System.Text.Json;

namespace Mimir.Eras.Server;

/// <summary>One <c>subscriptions/listen</c>.</summary>
internal sealed class Listen(Call call)
{
    private readonly JsonElement _wanted = call.Params.Get("notifications");

    // News that comes between entering and the acknowledgement waits for it.
    private readonly TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says what will be sent.</summary>
    public async Task AcknowledgeAsync()
    {
        var honoured = _wanted.ValueKind == JsonValueKind.Object
            ? _wanted.EnumerateObject().Where(p => p.Name is "toolsListChanged" or "promptsListChanged" or "resourcesListChanged" or "resourceSubscriptions")
            : [];
        var members = string.Join(',', honoured.Select(p => $"{Json.Text(p.Name)}:{p.Value.GetRawText()}"));
        await TellAsync("notifications/subscriptions/acknowledged", $"\"notifications\":{{{members}}},");
        _acknowledged.TrySetResult();
    }

    /// <summary>Tells that the list of tools changed.</summary>
    public async Task ChangedAsync()
    {
        await _acknowledged.Task;
        if (_wanted.Get("toolsListChanged").ValueKind == JsonValueKind.True) await TellAsync("notifications/tools/list_changed", "");
    }

    /// <summary>Tells that a resource changed.</summary>
    public async Task UpdatedAsync(string uri)
    {
        await _acknowledged.Task;
        var uris = _wanted.Get("resourceSubscriptions");
        if (uris.ValueKind == JsonValueKind.Array && uris.EnumerateArray().Any(u => u.AsText() == uri))
            await TellAsync("notifications/resources/updated", $"\"uri\":{Json.Text(uri)},");
    }

    private Task TellAsync(string method, string members) =>
        call.NotifyAsync(method, $"{{{members}\"_meta\":{{\"{MetaKeys.SubscriptionId}\":{call.Id}}}}}");
}
