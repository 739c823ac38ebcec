using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Embed.Calls;
using Mimir.Embed.Subscriptions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Hosting;

/// <summary>
/// What one client asks to be told of. One of the era of sessions subscribes to resources and is told on the line of its session; one of
/// the era without listens, as often as it likes, and is told on the line of that request.
/// </summary>
/// <param name="tools">The tools of the host.</param>
/// <param name="prompts">Its prompts.</param>
/// <param name="resources">Its resources.</param>
/// <param name="table">Who else is told.</param>
/// <param name="stopping">Set when the host stops.</param>
internal sealed class SessionSubscriptions(ToolTable tools, PromptTable prompts, ResourceTable resources, SubscriberTable table, CancellationToken stopping) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private readonly object _gate = new();
    private McpServer? _server;
    private Subscriber? _subscriber;
    private bool _isEnded;

    /// <summary>Says whose line is used, from the beginning to the end of the session.</summary>
    public void Attach(McpServer server) => _server = server;

    /// <summary>Subscribes, for a client of the era of sessions.</summary>
    public ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> request, CancellationToken cancellation)
    {
        var uri = request.Params?.Uri ?? "";
        var spelling = resources.Spelling(uri) ?? throw EmbeddedResource.Unknown(uri, request.Params);
        try
        {
            if (!table.TrySubscribe(Of(request.Server), spelling, uri)) throw new InvalidOperationException($"A client subscribes to {Subscriber.MaxUris} resources at most. Unsubscribe from some first.");
        }
        catch (InvalidOperationException e)
        {
            throw ErrorMap.Map(e);
        }

        return new ValueTask<EmptyResult>(new EmptyResult());
    }

    /// <summary>Unsubscribes, for a client of the era of sessions.</summary>
    public ValueTask<EmptyResult> UnsubscribeAsync(RequestContext<UnsubscribeRequestParams> request, CancellationToken cancellation)
    {
        var uri = request.Params?.Uri ?? "";
        Subscriber? subscriber;
        lock (_gate) subscriber = _subscriber;
        if (subscriber is not null) table.Unsubscribe(subscriber, resources.Spelling(uri) ?? uri);
        return new ValueTask<EmptyResult>(new EmptyResult());
    }

    /// <summary>Tells a client of the era without sessions what it asks for, until it cancels or the host stops.</summary>
    public async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellation)
    {
        var asked = request.Params?.Notifications ?? new SubscriptionsListenNotifications();
        var id = request.JsonRpcRequest.Id.Id;
        var server = request.Server;
        var subscriber = new Subscriber((method, parameters) => SendAsync(server, method, parameters, id), table.Remove, s_pause);
        try
        {
            table.Add(subscriber);
        }
        catch (InvalidOperationException e)
        {
            throw ErrorMap.Map(e);
        }

        EventHandler toolsChanged = (_, _) => subscriber.Note(NotificationMethods.ToolListChangedNotification);
        EventHandler promptsChanged = (_, _) => subscriber.Note(NotificationMethods.PromptListChangedNotification);
        EventHandler resourcesChanged = (_, _) => subscriber.Note(NotificationMethods.ResourceListChangedNotification);
        try
        {
            var granted = new SubscriptionsListenNotifications
            {
                ToolsListChanged = asked.ToolsListChanged == true ? true : null,
                PromptsListChanged = asked.PromptsListChanged == true ? true : null,
                ResourcesListChanged = asked.ResourcesListChanged == true ? true : null,
                ResourceSubscriptions = asked.ResourceSubscriptions is { Count: > 0 } uris
                    ? [.. uris.Where(uri => uri is not null && resources.Spelling(uri) is { } spelling && table.TrySubscribe(subscriber, spelling, uri))]
                    : null,
            };
            if (granted.ToolsListChanged == true) tools.Collection.Changed += toolsChanged;
            if (granted.PromptsListChanged == true) prompts.Collection.Changed += promptsChanged;
            if (granted.ResourcesListChanged == true) resources.Collection.Changed += resourcesChanged;
            await SendAsync(server, NotificationMethods.SubscriptionsAcknowledgedNotification, Acknowledged(granted), id);
            subscriber.Begin();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
            var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var _ = end.Token.Register(() => ended.TrySetResult(true));
            await ended.Task;
        }
        finally
        {
            tools.Collection.Changed -= toolsChanged;
            prompts.Collection.Changed -= promptsChanged;
            resources.Collection.Changed -= resourcesChanged;
            table.Remove(subscriber);
        }

        return new EmptyResult { Meta = new JsonObject { [MetaKeys.SubscriptionId] = IdNode(id) } };
    }

    /// <summary>Forgets what was asked for.</summary>
    public void Dispose()
    {
        Subscriber? subscriber;
        lock (_gate)
        {
            _isEnded = true;
            (subscriber, _subscriber) = (_subscriber, null);
        }

        if (subscriber is not null) table.Remove(subscriber);
    }

    private Subscriber Of(McpServer server)
    {
        lock (_gate)
        {
            if (_isEnded) throw new InvalidOperationException("The session has ended.");
            if (_subscriber is { } known) return known;
            var line = _server ?? server;
            var made = new Subscriber((method, parameters) => SendAsync(line, method, parameters, null), table.Remove, s_pause);
            table.Add(made);
            made.Begin();
            return _subscriber = made;
        }
    }

    private static Task SendAsync(McpServer server, string method, JsonObject parameters, object? id)
    {
        if (id is not null)
        {
            parameters["_meta"] = new JsonObject { [MetaKeys.SubscriptionId] = IdNode(id) };
        }

        return server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters });
    }

    /// <summary>The id of a request, of the type that the client gave it.</summary>
    private static JsonValue? IdNode(object? id) => id switch
    {
        long number => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        _ => null,
    };

    private static JsonObject Acknowledged(SubscriptionsListenNotifications granted)
    {
        var told = new JsonObject();
        if (granted.ToolsListChanged == true) told["toolsListChanged"] = true;
        if (granted.PromptsListChanged == true) told["promptsListChanged"] = true;
        if (granted.ResourcesListChanged == true) told["resourcesListChanged"] = true;
        if (granted.ResourceSubscriptions is { } uris) told["resourceSubscriptions"] = new JsonArray([.. uris.Select(static uri => (JsonNode)uri)]);
        return new JsonObject { ["notifications"] = told };
    }
}
