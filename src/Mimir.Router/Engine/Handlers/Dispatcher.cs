using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Which handler a request goes to: the table of methods.</summary>
public static class Dispatcher
{
    /// <summary>Sends a request on its way. The answer goes to its exchange, now or later.</summary>
    /// <remarks>Whatever goes wrong in a handler ends that request, and nothing else.</remarks>
    public static void Dispatch(this RouterEngine engine, ref Request request)
    {
        ArgumentNullException.ThrowIfNull(engine);
        try
        {
            Route(engine, ref request);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            request.Refuse(new RouterError(ErrorCodes.InternalError, "Routing failed: " + e.Message));
        }
    }

    private static void Route(RouterEngine engine, ref Request request)
    {
        request.Exchange.Method = request.Envelope.Method;
        request.Exchange.View = request.View;
        if (CallRecords.Begin(ref request, engine) is { } unkept)
        {
            request.Refuse(unkept);
            return;
        }

        engine.SendAgain ??= static (router, kept, pool, why) => Trip.Unsent(kept, router, pool).Again(why);
        if (request.View.Refusal is { } refusal)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidRequest, refusal) { Objection = refusal });
            return;
        }

        if (request.View.IsBounded && KeyTwins.Find(request.Frame) is { } twin)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidRequest, $"The key '{twin}' differs from one that decides in upper and lower case alone.") { Objection = "a key that decides stands twice" });
            return;
        }

        var legacy = request.Era == Era.Legacy;
        switch (request.Envelope.Method)
        {
            case McpMethod.ToolsCall:
                NamedCalls.Run(ref request, engine, ListKind.Tools);
                break;
            case McpMethod.PromptsGet:
                NamedCalls.Run(ref request, engine, ListKind.Prompts);
                break;
            case McpMethod.ToolsList:
                ListCalls.Run(ref request, ListKind.Tools);
                break;
            case McpMethod.PromptsList:
                ListCalls.Run(ref request, ListKind.Prompts);
                break;
            case McpMethod.ResourcesList:
                ListCalls.Run(ref request, ListKind.Resources);
                break;
            case McpMethod.ResourceTemplatesList:
                ListCalls.Run(ref request, ListKind.Templates);
                break;
            case McpMethod.ResourcesRead:
            case McpMethod.ResourcesSubscribe or McpMethod.ResourcesUnsubscribe when legacy:
                ResourceCalls.Run(ref request, engine);
                break;
            case McpMethod.Complete:
                CompletionCalls.Run(ref request, engine);
                break;
            case McpMethod.TasksGet or McpMethod.TasksCancel:
            case McpMethod.TasksResult when legacy:
            case McpMethod.TasksUpdate when !legacy:
                TaskCalls.Run(ref request, engine);
                break;
            case McpMethod.TasksList when legacy:
                TaskCalls.List(ref request, engine);
                break;
            case McpMethod.Ping when legacy:
                request.Answer("{}"u8);
                break;
            case McpMethod.SetLevel when legacy:
                LoggingCalls.Run(ref request, engine);
                break;
            case McpMethod.Initialize when legacy:
                LifecycleCalls.Initialize(ref request, engine);
                break;
            case McpMethod.Discover when !legacy:
                LifecycleCalls.Discover(ref request, engine);
                break;
            case McpMethod.Listen when !legacy:
                ListenCalls.Run(ref request, engine);
                break;
            case McpMethod.Unknown when request.View.IsSingle && request.View.IsUnbounded(request.View.Pools[0]):
                // An extension's own method: one server alone may know it.
                Forwarding.Send(ref request, engine, request.Catalog.SlotOf(request.View.Pools[0]), default, default);
                break;
            default:
                request.Refuse(new RouterError(ErrorCodes.MethodNotFound, "Method not found.") { HttpStatus = legacy ? 200 : 404 });
                break;
        }
    }
}
