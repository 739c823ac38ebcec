using System.Text;
using System.Text.Json;
using Mimir.Protocol.Revisions;
using Mimir.Router.Bridging;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>subscriptions/listen: one stream for a modern client, fed from all servers behind the view.</summary>
internal static class ListenCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

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

        Later.Run(ref request, kept => StartAsync(stream, kept.Catalog, kept.Resume().Principal, engine));
    }

    private static async Task StartAsync(ListenStream stream, ClientCatalog catalog, string principal, RouterEngine engine)
    {
        var lists = await catalog.GetAsync(ListKind.Resources).ConfigureAwait(false);
        var uris = stream.Uris.Where(u => ListenHub.OwnerOf(catalog, lists, u) is not null).ToList();
        var kept = new List<KeptTask>();
        var tasks = stream.TaskIds.Where(t => MayHear(t, catalog, principal, engine, kept)).ToList();

        // The client may rely on news from the acknowledgement on, so the servers are to have promised theirs by then.
        stream.Narrow(uris, tasks);
        engine.Listens.Add(stream, catalog);
        var promised = Task.WhenAll(catalog.View.Pools.Select(pool => PromiseAsync(catalog.SlotOf(pool), engine)));
        await Task.WhenAny(promised, Task.Delay(Patience, engine.Clock.Time)).ConfigureAwait(false);
        stream.Narrow(uris.FindAll(u => !IsRefused(u, catalog, lists, engine)), tasks.FindAll(t => !IsRefused(t, catalog, engine)));
        stream.Acknowledge();
        kept.ForEach(static t => t.Watch());
    }

    /// <summary>What a server refused is not promised. One that is slow to say so is taken at the word of its capabilities.</summary>
    private static bool IsRefused(string uri, ClientCatalog catalog, MergedCatalog lists, RouterEngine engine)
    {
        var (pool, own) = ListenHub.Resolve(catalog, lists, uri);
        return pool is not null && catalog.SlotOf(pool) is var slot
            && (slot.Era == Era.Modern ? engine.Attendances.RefusesResource(pool, own) : engine.Watches.IsRefused(slot, own));
    }

    private static bool IsRefused(string taskId, ClientCatalog catalog, RouterEngine engine) =>
        ListenHub.TaskOwnerOf(catalog.View, taskId) is { } pool && catalog.SlotOf(pool).Era == Era.Modern
        && engine.Attendances.RefusesTask(pool, OwnIdOf(taskId, catalog.View));

    private static string OwnIdOf(string taskId, View view) => view.IsSingle ? taskId : taskId[(taskId.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>Tasks at legacy servers are heard of by those they are kept for.</summary>
    private static bool MayHear(string taskId, ClientCatalog catalog, string principal, RouterEngine engine, List<KeptTask> kept)
    {
        if (ListenHub.TaskOwnerOf(catalog.View, taskId) is not { } pool)
        {
            return false;
        }

        var own = OwnIdOf(taskId, catalog.View);
        if (engine.Bridge.Tasks.FindKept(pool.Model.Name, own, principal) is { } task)
        {
            if (SessionTasks.Objection(catalog.View, pool, task.Tool) is not null)
            {
                return false;
            }

            kept.Add(task);
            return true;
        }

        return SessionTasks.Objection(catalog.View, pool, engine.TaskTools.Find(pool.Model.Name, JsonText.Encode(own))) is null
            && catalog.SlotOf(pool) is { Era: Era.Modern, Live: var live } && live is not { Handshake.HasTaskExtension: false };
    }

    private static Task PromiseAsync(ConnectionSlot slot, RouterEngine engine) =>
        slot.Era == Era.Modern ? engine.Attendances.Attend(slot.Pool) : engine.Watches.AlignAsync(slot);
}
