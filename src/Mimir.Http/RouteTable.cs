using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Mimir.Http.Guards;
using Mimir.Http.Posting;
using Mimir.Http.Sessions;
using Mimir.Http.Streams;
using Mimir.Protocol.Headers;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.State;

namespace Mimir.Http;

/// <summary>Which handler a request goes to. The guard stands before all of them.</summary>
internal sealed class RouteTable(RouterEngine engine, SessionTable sessions, KeepAlive keepAlive, OriginGuard guard, KeyedDoor? keyed)
{
    private const string Root = "/mcp";
    private readonly PostDoor _post = new(engine, sessions, keepAlive);
    private readonly StreamDoor _streams = new(engine, sessions, keepAlive);

    public Task TakeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!guard.Allows(request))
        {
            return Replies.StatusAsync(context, StatusCodes.Status403Forbidden);
        }

        var path = request.Path.Value ?? "";
        if (path == keyed?.Path)
        {
            return keyed.ServerOf(request) is { } server && engine.FindView(server) is { } own ? TakeAsync(context, own) : KeyedDoor.RefuseAsync(context);
        }

        if (ViewOf(path) is { } view)
        {
            return TakeAsync(context, view);
        }

        return path switch
        {
            "/sse" when request.Method == "GET" => _streams.OpenEventsAsync(context, engine.All),
            "/message" when request.Method == "POST" => _streams.MessageAsync(context),
            "/sse" => Replies.StatusAsync(context, StatusCodes.Status405MethodNotAllowed, "GET"),
            "/message" => Replies.StatusAsync(context, StatusCodes.Status405MethodNotAllowed, "POST"),
            _ => Replies.ErrorAsync(context, NothingThere(path), default),
        };
    }

    private Task TakeAsync(HttpContext context, View view) => context.Request.Method switch
    {
        "POST" => _post.TakeAsync(context, view, StateOf(context)),
        "GET" or "DELETE" when IsModern(context.Request) => Replies.StatusAsync(context, StatusCodes.Status405MethodNotAllowed, "POST"),
        "GET" => _streams.GetAsync(context, view),
        "DELETE" => _streams.DeleteAsync(context, view),
        _ => Replies.StatusAsync(context, StatusCodes.Status405MethodNotAllowed, "GET, POST, DELETE"),
    };

    private RouterError NothingThere(string path) => new(
        ErrorCodes.InvalidRequest,
        path.StartsWith(Root + "/", StringComparison.Ordinal) && engine.Pools.Any(static p => !p.Model.IsApart)
            ? $"There is no server or namespace of that name. There are: {string.Join(", ", engine.Model.Permissions.Namespaces.Select(n => n.Name).Concat(engine.Pools.Where(static p => !p.Model.IsApart).Select(p => p.Model.Name)))}."
            : $"Nothing is served here. {Root} serves all servers or the default namespace, {Root}/NAME a namespace or one server, /sse is for clients of 2024-11-05.")
    { HttpStatus = StatusCodes.Status404NotFound };

    private static bool IsModern(HttpRequest request) =>
        request.Headers.TryGetValue(McpHeaders.ProtocolVersion, out var named) && Revision.Find(named.ToString().Trim()) is { Era: Era.Modern };

    private static ConnectionState StateOf(HttpContext context) =>
        (ConnectionState)context.Features.Get<IConnectionItemsFeature>()!.Items[HttpListenerHost.ConnectionKey]!;

    private View? ViewOf(string path)
    {
        if (path == Root)
        {
            return engine.All;
        }

        return path.Length > Root.Length + 1 && path.StartsWith(Root, StringComparison.Ordinal) && path[Root.Length] == '/'
            ? engine.FindNamespace(path[(Root.Length + 1)..]) ?? Server(path[(Root.Length + 1)..])
            : null;
    }

    private View? Server(string name) => engine.FindView(name) is { } view && !view.Pools[0].Model.IsApart ? view : null;
}
