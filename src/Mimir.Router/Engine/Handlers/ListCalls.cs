using Mimir.Router.Catalog;
using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>The four lists, answered from prepared bytes.</summary>
internal static class ListCalls
{
    public static void Run(ref Request request, ListKind kind)
    {
        if (kind == ListKind.Tools && request.View.IsMeta)
        {
            // What is listed there depends on no server.
            Answer(ref request, kind, request.Catalog.Give(kind));
            return;
        }

        var pending = request.Catalog.GetAsync(kind);
        if (pending.IsCompletedSuccessfully)
        {
            Answer(ref request, kind, pending.Result);
            return;
        }

        AnswerLater(ref request, kind, pending);
    }

    private static void AnswerLater(ref Request request, ListKind kind, ValueTask<MergedCatalog> pending) => Later.Run(ref request, async kept =>
    {
        var catalog = await pending.ConfigureAwait(false);
        var request = kept.Resume();
        Answer(ref request, kind, catalog);
    });

    private static void Answer(ref Request request, ListKind kind, MergedCatalog catalog)
    {
        var list = catalog[kind];
        if (!request.Envelope.Cursor.Exists)
        {
            request.Answer(list.First.Span);
        }
        else if (list.TryPage(request.Envelope.Cursor.Of(request.Frame), out var page))
        {
            request.Answer(page.Span);
        }
        else
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "This cursor is unknown, or the list changed under it. Start the list again without a cursor."));
        }
    }
}
