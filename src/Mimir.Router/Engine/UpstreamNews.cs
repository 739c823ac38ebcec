using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Mimir.Router.Bridging;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// Brings what servers send unasked to those it is meant for. Nothing is guessed: what cannot be attributed to one owner is dropped
/// or refused.
/// </summary>
internal sealed class UpstreamNews(RouterEngine engine) : IUpstreamEvents
{
    /// <inheritdoc/>
    public void OnNotification(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related)
    {
        switch (envelope.Method)
        {
            case McpMethod.ToolsListChanged:
                ListsOf(connection)?.MarkDirty(ListKind.Tools);
                break;
            case McpMethod.PromptsListChanged:
                ListsOf(connection)?.MarkDirty(ListKind.Prompts);
                break;
            case McpMethod.ResourcesListChanged:
                ListsOf(connection)?.MarkDirty(ListKind.Resources);
                break;
            case McpMethod.ResourcesUpdated:
                ResourceUpdated(connection, frame, envelope);
                break;
            case McpMethod.TasksNotification when envelope.TaskId.Exists && engine.PoolOf(connection.Server.Name) is { } pool:
                engine.Listens.TaskChanged(pool, frame, envelope, engine.TaskTools.Find(pool.Model.Name, envelope.TaskId.Of(frame)));
                SessionTasks.Changed(engine, pool, frame, envelope);
                break;
            case McpMethod.TasksStatus when TakeStatus(connection, frame, envelope):
                break;
            case McpMethod.Cancelled:
                Withdrawn(connection, frame, envelope);
                break;
            case McpMethod.SubscriptionsAcknowledged when engine.PoolOf(connection.Server.Name) is { } pool:
                engine.Attendances.Acknowledged(connection, pool, frame, envelope);
                break;
            default:
                Deliver(connection, frame, envelope, related);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnRequest(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related)
    {
        related ??= engine.Bridge.Tasks.CallOf(connection, frame, envelope);
        if (IsBridged(connection, related) && (related is not null || connection.Order.Profile.Askable))
        {
            engine.Bridge.TakeQuestion(connection, engine.PoolOf(connection.Server.Name)!, frame, envelope, related);
            return;
        }

        var owner = Attribution.Owner(engine, connection, frame, envelope, related);
        var id = envelope.Id.Of(frame);
        var count = 0;
        var newest = owner is null ? null : connection.Pending.NewestOf(owner, out count);
        if (envelope.Method == McpMethod.RootsList && (owner is null || (count == 0 && !owner.Profile.Takes(McpMethod.RootsList))))
        {
            // Some servers ask right after the handshake, outside any call: nobody is there who has roots.
            connection.Reply(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":{Encoding.UTF8.GetString(id)},\"result\":{{\"roots\":[]}}}}"), default);
            return;
        }

        if (owner is not null && !Takes(owner, frame, envelope))
        {
            connection.Reply(new RouterError(ErrorCodes.MethodNotFound, "The client did not declare the capability for this request.").ToFrame(id), default);
            return;
        }

        if (owner is not null && !owner.Asking.MayAsk(connection, frame, envelope))
        {
            connection.Reply(new RouterError(ErrorCodes.InvalidParams, "This is not about a task of yours.").ToFrame(id), default);
            return;
        }

        if (owner is not null && Ask(owner, connection, frame, envelope, related, newest, count))
        {
            return;
        }

        if (owner is null && Bridge.GiveUndeclared(connection, frame, envelope))
        {
            return;
        }

        var why = owner is null
            ? "The client this question is for cannot be told: several share this connection. Set \"sharing\": \"session\" for this server."
            : "The client cannot be reached now.";
        connection.Reply(new RouterError(ErrorCodes.CannotAsk, why).ToFrame(id), default);
    }

    /// <summary>Tells whether a legacy client can be asked this, in the mode in which it is asked.</summary>
    private static bool Takes(ClientSession owner, ReadOnlySpan<byte> frame, in Envelope envelope) =>
        owner.Profile.Takes(envelope.Method)
        && (envelope.Method is not (McpMethod.Elicit or McpMethod.CreateMessage) || owner.Profile.Lacks(InputRequests.NeedOf(frame, envelope)) is null);

    /// <summary>Asks a legacy client, in words that its revision knows.</summary>
    private static bool Ask(
        ClientSession owner, UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related, OpenCall? newest, int count) =>
        !ReferenceEquals(owner.Revision, connection.Handshake.Revision)
        && ServerRequest.Shape(frame, envelope, owner.Revision, out var shaped)
        && EnvelopeScanner.Scan(shaped, EnvelopeScanner.MostDepth, out var anew) == ScanStatus.Ok
            ? owner.Asking.TryAsk(connection, shaped, anew, related, newest, count)
            : owner.Asking.TryAsk(connection, frame, envelope, related, newest, count);

    /// <inheritdoc/>
    public void OnTask(UpstreamConnection connection, ReadOnlySpan<byte> taskId, OpenCall call)
    {
        if (connection.Order.Era == Era.Modern)
        {
            if (call.Exchange.Tool is { } tool)
            {
                engine.TaskTools.Note(connection.Server.Name, taskId, tool);
            }
        }
        else if (call.Exchange is TaskedCall tasked)
        {
            tasked.Begun(taskId, call.Id);
        }
        else if (call.Session is ClientSession session)
        {
            engine.Tasks.Note(new OwnedTask(session) { Tool = call.Exchange.Tool }, connection.Server.Name, taskId);
        }
    }

    /// <inheritdoc/>
    public bool OnUnsent(UpstreamConnection connection, Exchange exchange, ReadOnlySpan<byte> frame, long id, RouterError why)
    {
        if (exchange is CrossingCall or LocalExchange || engine.IsDisposed || engine.SendAgain is not { } again || engine.PoolOf(connection.Server.Name) is not { } pool)
        {
            // These know themselves what to do about an error.
            return false;
        }

        var copy = frame.ToArray();
        var generation = exchange.Generation;
        if (EnvelopeScanner.Scan(copy, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok || !exchange.Release(id))
        {
            return false;
        }

        // Names in it are the server's own already.
        var session = exchange.Session as ClientSession;
        var catalog = session?.Catalog ?? engine.ModernCatalog(exchange.View as View ?? engine.Whole, envelope.MetaCapabilities.Of(copy));
        again(engine, new KeptRequest(exchange, generation, session, catalog, copy, envelope) { Record = exchange.Record }, pool, why);
        return true;
    }

    /// <inheritdoc/>
    public void OnRenewed(UpstreamConnection connection)
    {
        if (engine.PoolOf(connection.Server.Name)?.Slots.FirstOrDefault(s => ReferenceEquals(s.Live, connection)) is { } slot)
        {
            engine.Reports.Restore(slot, connection);
        }
    }

    /// <inheritdoc/>
    public void OnClosed(UpstreamConnection connection)
    {
        // Its calls have been failed; the pool opens a new connection when one is needed.
        foreach (var session in engine.Sessions)
        {
            session.Asking.ConnectionClosed(connection);
        }
    }

    /// <summary>The lists that news of a connection are about. Those of the first lane are shown to the clients of all.</summary>
    private SlotLists? ListsOf(UpstreamConnection connection) =>
        connection.Order.Owner is BridgeLane && engine.PoolOf(connection.Server.Name) is { } pool
            ? engine.Store.Find(pool.Bridged(connection.Order.Profile))
            : engine.Store.Find(connection);

    /// <summary>Keeps the news of tasks from those that did not make them, and of those whose tools are denied.</summary>
    private bool TakeStatus(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope) =>
        envelope.TaskId.Exists && (engine.Tasks.Find(connection.Server.Name, envelope.TaskId.Of(frame)) is not { } owned
            ? engine.Bridge.Tasks.TakeStatus(connection, frame, envelope)
            : engine.PoolOf(connection.Server.Name) is { } pool && SessionTasks.Objection(owned.Session.View, pool, owned.Tool) is not null);

    private void Withdrawn(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        foreach (var session in engine.SessionsOf(connection))
        {
            if (session.Asking.Withdraw(connection, frame, envelope))
            {
                return;
            }
        }

        connection.CountStray();
    }

    private void Deliver(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related)
    {
        if (connection.Order.Era == Era.Modern || IsBridged(connection, related))
        {
            DeliverModern(connection, frame, envelope, related);
            return;
        }

        if (Attribution.Owner(engine, connection, frame, envelope, related) is not { } owner)
        {
            connection.CountStray();
            return;
        }

        if (envelope.Method == McpMethod.Message && envelope.Level.Exists && !LogLevels.Wants(owner, envelope.Level.Of(frame)))
        {
            return;
        }

        scoped SpliceList splices = default;
        TaskIds.Wrap(ref splices, frame, envelope, envelope.Method, owner.View.IsSingle ? null : engine.PoolOf(connection.Server.Name)?.TaskTag);
        var newest = connection.Pending.NewestOf(owner, out var count);
        var target = related ?? (count == 1 ? newest : null);
        if ((target is { } call && call.Relate(frame, splices)) || owner.Send(frame, splices, droppable: true))
        {
            return;
        }

        newest?.Relate(frame, splices);
    }

    /// <summary>True for what a legacy server says to modern clients.</summary>
    private static bool IsBridged(UpstreamConnection connection, OpenCall? related) =>
        related is { } call ? call.Session is BridgeMark : connection.Order.Owner is BridgeLane;

    /// <summary>A log message goes to the request that asked for logs, if it is clear which. A modern client is told nothing else in the middle of a call.</summary>
    private static void DeliverModern(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related)
    {
        if ((related ?? Attribution.Logged(connection)) is not { } call)
        {
            connection.CountStray();
        }
        else if (envelope.Method == McpMethod.Message ? LogLevels.Admits(call.Exchange.LogLevel, frame, envelope) : connection.Order.Era == Era.Modern)
        {
            call.Relate(frame, default);
        }
    }

    private void ResourceUpdated(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!envelope.Uri.Exists || engine.PoolOf(connection.Server.Name) is not { } pool)
        {
            return;
        }

        var uri = Encoding.UTF8.GetString(JsonText.Decode(envelope.Uri.Of(frame)));
        engine.Listens.ResourceUpdated(pool, connection, uri, frame, envelope);
        var key = Subscriptions.Key(pool, uri);
        foreach (var session in engine.SessionsOf(connection))
        {
            if (!session.IsSubscribed(key, out var shown) || session.View.Objection(pool, ListKind.Resources, uri) is not null)
            {
                continue;
            }

            scoped SpliceList splices = default;
            if (shown is not null && shown != uri)
            {
                splices.Replace(envelope.Uri, JsonText.Encode(shown));
            }

            if (connection.Order.Era == Era.Modern)
            {
                // The server says for which stream of ours it is, which is none of the client's business.
                session.Send(Updated(shown ?? uri), default, droppable: true);
                continue;
            }

            session.Send(frame, splices, droppable: true);
        }
    }

    private static byte[] Updated(string uri) =>
        [.. "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\""u8, .. JsonText.Encode(uri), .. "\"}}"u8];
}
