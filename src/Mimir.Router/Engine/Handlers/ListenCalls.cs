using System.Text;
using System.Text.Json;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>subscriptions/listen: one stream for a modern client, fed from all servers behind the view.</summary>
internal static class ListenCalls
{
    public static void Run(ref Request request, RouterEngine engine)
    {
        ListenStream stream;
        try
        {
            stream = new ListenStream(request.Exchange, request.Generation, request.View, request.Envelope.Params.Of(request.Frame));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.notifications is not valid."));
            return;
        }

        Later.Run(ref request, kept => StartAsync(stream, kept.Catalog, engine));
    }

    private static async Task StartAsync(ListenStream stream, ClientCatalog catalog, RouterEngine engine)
    {
        var lists = await catalog.GetAsync(ListKind.Resources).ConfigureAwait(false);
        var uris = stream.Uris.Where(u => ListenHub.OwnerOf(catalog, lists, u) is not null).ToList();
        var tasks = stream.TaskIds.Where(t => ListenHub.TaskOwnerOf(catalog.View, t) is not null).ToList();

        // The client may rely on news from the acknowledgement on, so the servers are to have promised theirs by then.
        stream.Narrow(uris, tasks);
        await engine.Listens.AddAsync(stream, catalog).ConfigureAwait(false);
        stream.Acknowledge();
    }
}
