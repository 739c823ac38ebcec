using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>completion/complete: routed by the prompt or template it refers to.</summary>
internal static class CompletionCalls
{
    public static void Run(ref Request request, RouterEngine engine)
    {
        if (request.Envelope.RefName.Exists && request.Envelope.RefUri.Exists)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.ref has a name and a uri: it can name one thing only."));
            return;
        }

        var kind = request.Envelope.RefName.Exists ? ListKind.Prompts : ListKind.Templates;
        var catalog = request.Catalog.Refresh();
        if (!TryRun(ref request, engine, catalog, catalog.Missing(kind).Count == 0))
        {
            RunLater(ref request, engine, kind);
        }
    }

    private static void RunLater(ref Request request, RouterEngine engine, ListKind kind) => Later.Run(ref request, kept => WaitAndRunAsync(kept, engine, kind));

    private static async Task WaitAndRunAsync(KeptRequest kept, RouterEngine engine, ListKind kind)
    {
        var catalog = await kept.Catalog.GetAsync(kind).ConfigureAwait(false);
        var request = kept.Resume();
        TryRun(ref request, engine, catalog, last: true);
    }

    /// <summary>One server alone answers itself for what it did not list, unless that is denied.</summary>
    private static bool MayAsk(View view, in Envelope envelope, ByteRange range, ReadOnlySpan<byte> frame)
    {
        if (view.IsUnbounded(view.Pools[0]) || !range.Exists)
        {
            return view.IsUnbounded(view.Pools[0]);
        }

        var key = Encoding.UTF8.GetString(envelope.RefEscaped ? JsonText.Decode(range.Of(frame)) : range.Of(frame));
        return view.Objection(view.Pools[0], envelope.RefName.Exists ? ListKind.Prompts : ListKind.Templates, key) is null;
    }

    private static bool TryRun(ref Request request, RouterEngine engine, MergedCatalog catalog, bool last)
    {
        ref readonly var envelope = ref request.Envelope;
        var range = envelope.RefName.Exists ? envelope.RefName : envelope.RefUri;
        if (range.Exists)
        {
            var inside = range.Of(request.Frame);
            var shown = envelope.RefEscaped ? JsonText.Decode(inside) : inside;
            var route = envelope.RefName.Exists
                ? catalog[ListKind.Prompts].Find(shown)
                : catalog[ListKind.Templates].Find(shown) ?? catalog[ListKind.Resources].Find(shown);
            if (route is not null)
            {
                Forwarding.Send(ref request, engine, route.Slot, route.IsRenamed ? range : default, route.Raw);
                return true;
            }
        }

        if (!last)
        {
            return false;
        }

        if (request.View.IsSingle && MayAsk(request.View, envelope, range, request.Frame))
        {
            Forwarding.Send(ref request, engine, request.Catalog.SlotOf(request.View.Pools[0]), default, default);
        }
        else
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.ref names no known prompt or resource template.") { Objection = Refusals.Unoffered });
        }

        return true;
    }
}
