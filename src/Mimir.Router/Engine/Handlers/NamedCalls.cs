using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>tools/call and prompts/get: routed by name through the explicit map.</summary>
internal static class NamedCalls
{
    public static void Run(ref Request request, ListKind kind)
    {
        if (!request.Envelope.Name.Exists)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.name is missing."));
            return;
        }

        if (!TryRun(ref request, kind, request.Catalog.Refresh()))
        {
            FindLater(ref request, kind);
        }
    }

    private static void FindLater(ref Request request, ListKind kind) => Later.Run(ref request, kept => FindAndRunAsync(kept, kind));

    private static bool TryRun(ref Request request, ListKind kind, MergedCatalog catalog)
    {
        var inside = request.Envelope.Name.Of(request.Frame);
        var route = catalog[kind].Find(request.Envelope.NameEscaped ? JsonText.Decode(inside) : inside);
        if (route is not null)
        {
            Forwarding.Send(ref request, route, request.Envelope.Name);
            return true;
        }

        if (request.View.IsSingle && catalog.Missing(kind).Count == 0)
        {
            // One server alone answers itself for names it did not list.
            Forwarding.Send(ref request, request.Catalog.SlotOf(request.View.Pools[0]), default, default);
            return true;
        }

        return false;
    }

    /// <summary>The name is unknown so far: servers that could own it are asked for their lists before it is refused.</summary>
    private static async Task FindAndRunAsync(KeptRequest kept, ListKind kind)
    {
        var catalog = await kept.Catalog.GetAsync(kind).ConfigureAwait(false);
        if (TryAgain(kept, kind, catalog))
        {
            return;
        }

        var name = Encoding.UTF8.GetString(JsonText.Decode(kept.Envelope.Name.Of(kept.Frame)));
        foreach (var pool in kept.Catalog.View.Pools.Where(p => Owns(kept.Catalog.View, p, name)))
        {
            var slot = kept.Catalog.SlotOf(pool);
            if (slot.CurrentFailure is null && catalog.Missing(kind).Contains(pool))
            {
                await kept.Catalog.LoadAsync(pool).ConfigureAwait(false);
                if (TryAgain(kept, kind, kept.Catalog.Refresh()))
                {
                    return;
                }
            }

            if (slot.CurrentFailure is { } failure)
            {
                kept.Resume().Refuse(Forwarding.Unavailable(pool, failure, slot.Era));
                return;
            }
        }

        var what = kind == ListKind.Tools ? "tool" : "prompt";
        kept.Resume().Refuse(new RouterError(ErrorCodes.InvalidParams, $"Unknown {what}: {name}"));
    }

    private static bool TryAgain(KeptRequest kept, ListKind kind, MergedCatalog catalog)
    {
        var request = kept.Resume();
        return TryRun(ref request, kind, catalog);
    }

    private static bool Owns(View view, ServerPool pool, string name) =>
        view.Naming.Prefix != Model.PrefixMode.Always || name.StartsWith(pool.Model.Prefix + view.Naming.Separator, StringComparison.Ordinal);
}
