using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Bridging;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.Model.Routing;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Sends a request on to the server it was routed to, opening the connection when there is none.</summary>
internal static class Forwarding
{
    /// <summary>Forwards with the name, uri or task id replaced by the server's own.</summary>
    /// <param name="request">The request.</param>
    /// <param name="engine">The router.</param>
    /// <param name="slot">Where to.</param>
    /// <param name="range">What is replaced; missing for nothing.</param>
    /// <param name="with">The server's own, as the inside of a JSON string.</param>
    /// <param name="headerName">The same as a header value, or null to derive it.</param>
    /// <param name="entry">The tool or prompt as its server listed it, or null.</param>
    /// <param name="contentPrefix">What goes before the uris of a read resource's contents, or null.</param>
    /// <param name="trip">The request as it was kept, when it is not sent for the first time, or had to wait.</param>
    public static void Send(
        ref Request request, RouterEngine engine, ConnectionSlot slot, ByteRange range, scoped ReadOnlySpan<byte> with, string? headerName = null,
        CatalogEntry? entry = null, byte[]? contentPrefix = null, Trip? trip = null)
    {
        if (slot.Live is not { } connection || (trip is null && !slot.Pool.Health.IsFree))
        {
            (trip ?? Keep(ref request, engine, slot, range, with, headerName, entry, contentPrefix)).Start();
            return;
        }

        request.Exchange.Tool = request.Envelope.Method == McpMethod.ToolsCall ? entry?.Key ?? NameOf(request, with) : null;
        request.Record?.Sent(slot.Pool.Model.Name, entry?.Key, range.Exists ? with : default);
        scoped CallTarget target = default;
        target.Range = range;
        target.With = with;
        target.HeaderName = headerName;
        target.Parameters = entry?.Parameters;
        target.ContentPrefix = contentPrefix;
        target.TaskTag = request.View.IsSingle ? null : slot.Pool.TaskTag;
        target.KeepsToken = trip is { KeepsToken: true };
        target.Task = TaskWishes.Of(request, connection, entry);
        var wraps = entry?.WrapsOutput ?? false;
        if (target.Task == TaskWish.Kept && engine.Bridge.Tasks.IsFull)
        {
            request.Refuse(new RouterError(ErrorCodes.Busy, "Too many tasks are kept already. Try again later.", slot.Pool.Model.Name, Retryable: true));
        }
        else if (slot.Era != request.Era)
        {
            Cross(ref request, engine, slot, connection, target, wraps, trip ?? Keep(ref request, engine, slot, range, with, headerName, entry, contentPrefix));
        }
        else if (request.Envelope.RequestState.Exists && engine.Bridge.IsOurs(request.Frame, request.Envelope, request.Principal))
        {
            request.Refuse(new RouterError(
                ErrorCodes.InvalidParams, $"Server '{slot.Pool.Model.Name}' was replaced while it waited for the answer. Call again without params.requestState.", slot.Pool.Model.Name));
        }
        else if (Crossing.DropsContext(request, connection))
        {
            Crossing.WithoutContext(ref request, connection, target);
        }
        else if (IsRepeatable(slot, request.Envelope.Method, entry) is var isRepeatable
            && (isRepeatable || trip is { Choice: not null } || target.Task == TaskWish.Awaited || (slot.Era == Era.Legacy && Crossing.Shapes(request, connection, wraps))))
        {
            Crossing.Shaped(
                ref request, engine, connection, target, wraps, isRepeatable, trip ?? Keep(ref request, engine, slot, range, with, headerName, entry, contentPrefix));
        }
        else
        {
            connection.Call(request.Exchange, request.Generation, request.Frame, request.Envelope, target);
        }
    }

    /// <summary>What nobody lists has no name but the one in the request.</summary>
    private static string NameOf(in Request request, ReadOnlySpan<byte> with) =>
        Encoding.UTF8.GetString(JsonText.Decode(with.IsEmpty ? request.Envelope.Name.Of(request.Frame) : with));

    /// <summary>True for a request that is sent again also when it may have run.</summary>
    public static bool IsRepeatable(ConnectionSlot slot, McpMethod method, CatalogEntry? entry) =>
        slot.Pool.Model.Resend == Resending.Idempotent
        && (entry is not null && (entry.IsIdempotent || IsDeclared(slot.Pool.Model, entry)) || method is McpMethod.ResourcesRead or McpMethod.PromptsGet or McpMethod.Complete);

    /// <summary>True when the operator vouches for it.</summary>
    private static bool IsDeclared(ServerModel server, CatalogEntry entry)
    {
        foreach (var pattern in server.Idempotent)
        {
            if (Glob.Matches(pattern, entry.Key))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forwards along a route.</summary>
    /// <remarks>The name stands where the request's envelope has it.</remarks>
    public static void Send(ref Request request, RouterEngine engine, Route route)
    {
        if (route.Entry.Fixed is { } given && CallArguments.Add(ref request, given) is { } fault)
        {
            request.Refuse(fault);
            return;
        }

        var range = request.Envelope.Name;
        if (route.Choice is { } choice)
        {
            Choosing.Send(ref request, engine, choice, range);
        }
        else
        {
            Send(ref request, engine, route.Slot, route.IsRenamed ? range : default, route.Raw, route.HeaderName, route.Entry);
        }
    }

    /// <summary>The error for a call that ends because a server cannot be used. That counts as a failure of the server.</summary>
    public static RouterError Unavailable(ServerPool pool, ConnectFailure failure)
    {
        if (failure.IsOutage)
        {
            pool.Health.Miss(failure.Message);
        }

        return Unreached(pool, failure);
    }

    /// <summary>Why a server cannot be used, as an error.</summary>
    public static RouterError Unreached(ServerPool pool, ConnectFailure failure) =>
        new(ErrorCodes.ServerUnavailable, failure.Message, pool.Model.Name, Retryable: true) { HttpStatus = 200 };

    private static void Cross(
        ref Request request, RouterEngine engine, ConnectionSlot slot, UpstreamConnection connection, scoped CallTarget target, bool wrapsOutput, Trip trip)
    {
        if (McpMethods.TargetsTask(request.Envelope.Method))
        {
            // The server speaks another era than when the task was made: whatever it calls by this id is another one.
            request.Refuse(TaskAnswer.Unknown);
        }
        else if (request.Era == Era.Modern)
        {
            Crossing.Down(ref request, engine, slot, target, trip);
        }
        else
        {
            Crossing.Up(ref request, engine, slot, connection, target, wrapsOutput, trip);
        }
    }

    /// <summary>A method of its own, so that calls which need no waiting pay for no copy. The other handlers do the same.</summary>
    private static Trip Keep(
        ref Request request, RouterEngine engine, ConnectionSlot slot, ByteRange range, scoped ReadOnlySpan<byte> with, string? headerName, CatalogEntry? entry,
        byte[]? contentPrefix) => new(request.Keep(), engine, slot.Pool)
        {
            Range = range,
            With = with.ToArray(),
            HeaderName = headerName,
            Entry = entry,
            ContentPrefix = contentPrefix,
        };
}
