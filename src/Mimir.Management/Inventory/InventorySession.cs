using System.Collections.Concurrent;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Management.Inventory;

/// <summary>One connection of the inventory's server: answers from what is known at the moment, and tells of resources that hold something else now.</summary>
/// <param name="read">What the client may know now.</param>
internal sealed class InventorySession(Func<InventoryContent> read)
{
    private const int MostWatched = 1000;
    private readonly ConcurrentDictionary<string, string?> _watched = new(StringComparer.Ordinal);
    private McpServer? _server;

    /// <summary>Answers <c>tools/call</c>.</summary>
    public ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken) =>
        new(InventoryTools.Call(read(), request.Params));

    /// <summary>Answers <c>resources/read</c>.</summary>
    public ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken) =>
        new(InventoryResources.Contents(request.Params?.Uri ?? "", Text(request.Params?.Uri)));

    /// <summary>Answers <c>resources/subscribe</c>.</summary>
    public ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params?.Uri;
        var text = Text(uri);
        if (_watched.Count >= MostWatched && !_watched.ContainsKey(uri!))
        {
            throw new McpProtocolException($"No more than {MostWatched} resources can be subscribed to. Unsubscribe from some, or subscribe to inventory://hosts.", McpErrorCode.InvalidParams);
        }

        _server = request.Server;
        _watched[uri!] = text;
        return new(new EmptyResult());
    }

    /// <summary>Answers <c>resources/unsubscribe</c>.</summary>
    public ValueTask<EmptyResult> UnsubscribeAsync(RequestContext<UnsubscribeRequestParams> request, CancellationToken cancellationToken)
    {
        _watched.TryRemove(request.Params?.Uri ?? "", out _);
        return new(new EmptyResult());
    }

    /// <summary>Tells the client of every resource that it watches and that holds something else than when it was told last. Blocks nobody.</summary>
    public void Look()
    {
        foreach (var watched in _watched)
        {
            var now = InventoryResources.Read(read(), watched.Key);
            if (now != watched.Value && _watched.TryUpdate(watched.Key, now, watched.Value) && _server is { } server)
            {
                _ = TellAsync(server, watched.Key);
            }
        }
    }

    private static async Task TellAsync(McpServer server, string uri)
    {
        try
        {
            await server.SendNotificationAsync(
                NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = uri }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The connection ends: whoever connects anew reads anew.
        }
    }

    private string Text(string? uri) =>
        InventoryResources.Read(read(), uri)
        ?? throw new McpProtocolException($"Unknown resource: {uri}", McpErrorCode.ResourceNotFound);
}
