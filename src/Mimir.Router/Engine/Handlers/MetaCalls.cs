using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>
/// tools/call where a namespace is served in meta mode: three tools that tell what there is, and one that makes a call of another tool
/// out of its own. That goes on as if the client had sent it: the same policies, progress, questions and cancellation.
/// </summary>
internal static class MetaCalls
{
    /// <summary>Runs one of the four by the name that the client gave.</summary>
    public static void Run(ref Request request, RouterEngine engine)
    {
        var inside = request.Envelope.Name.Of(request.Frame);
        if (MetaTools.Find(request.Envelope.NameEscaped ? JsonText.Decode(inside) : inside) is { } tool)
        {
            Run(ref request, engine, tool);
        }
        else
        {
            var name = Encoding.UTF8.GetString(JsonText.Decode(inside));
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, $"Unknown tool: {name}. Tools are called here by {MetaTools.Call}; {MetaTools.Help} tells their names.") { Objection = Refusals.Unoffered });
        }
    }

    /// <summary>Runs one of the four.</summary>
    /// <param name="request">The call.</param>
    /// <param name="engine">The router.</param>
    /// <param name="tool">Which.</param>
    public static void Run(ref Request request, RouterEngine engine, string tool)
    {
        var arguments = MetaArguments.Read(request.Envelope.Arguments.Exists ? request.Envelope.Arguments.Of(request.Frame) : "{}"u8, tool, out var fault);
        if (arguments is null)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, fault!));
        }
        else if (tool == MetaTools.List)
        {
            request.Answer(MetaAnswers.Instances(request.Catalog, request.Catalog.Refresh()));
        }
        else if (tool == MetaTools.Call)
        {
            if (!TryCall(ref request, engine, arguments, request.Catalog.Refresh()))
            {
                CallLater(ref request, engine, arguments);
            }
        }
        else
        {
            TellLater(ref request, tool, arguments.Instance);
        }
    }

    private static bool TryCall(ref Request request, RouterEngine engine, MetaArguments arguments, MergedCatalog catalog)
    {
        if ((arguments.Instance ?? request.Session?.Instance) is not { } instance || MetaIndex.Of(catalog.Offered(ListKind.Tools)).Find(instance, arguments.Tool) is not { } route)
        {
            return false;
        }

        CallArguments.Replace(ref request, route.Shown, arguments.Values);
        CallRecords.Turn(request);
        Forwarding.Send(ref request, engine, route);
        return true;
    }

    private static void CallLater(ref Request request, RouterEngine engine, MetaArguments arguments) => Later.Run(ref request, async kept =>
    {
        var catalog = await kept.Catalog.GetAsync(ListKind.Tools).ConfigureAwait(false);
        var request = kept.Resume();
        if (!TryCall(ref request, engine, arguments, catalog))
        {
            kept.Record?.Deny(arguments.Tool, Refusals.Unoffered);
            request.Answer(MetaAnswers.NotFound(kept.Catalog, catalog, arguments.Instance ?? kept.Session?.Instance, arguments.Tool), CallOutcome.ToolError);
        }
    });

    private static void TellLater(ref Request request, string tool, string? instance) => Later.Run(ref request, async kept =>
    {
        var catalog = await kept.Catalog.GetAsync(ListKind.Tools).ConfigureAwait(false);
        if (instance is not null && !MetaAnswers.Has(kept.Catalog, instance))
        {
            kept.Resume().Answer(MetaAnswers.NotFound(kept.Catalog, catalog, instance, null), CallOutcome.ToolError);
            return;
        }

        if (tool == MetaTools.Use && kept.Session is { } session)
        {
            session.Instance = instance;
        }

        kept.Resume().Answer(tool == MetaTools.Use ? MetaAnswers.Chosen(kept.Catalog, catalog, instance!) : MetaAnswers.Tools(kept.Catalog, catalog, instance));
    });
}
