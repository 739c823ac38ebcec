using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

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
                engine.Store.Find(connection)?.MarkDirty(ListKind.Tools);
                break;
            case McpMethod.PromptsListChanged:
                engine.Store.Find(connection)?.MarkDirty(ListKind.Prompts);
                break;
            case McpMethod.ResourcesListChanged:
                engine.Store.Find(connection)?.MarkDirty(ListKind.Resources);
                break;
            case McpMethod.ResourcesUpdated:
                ResourceUpdated(connection, frame, envelope);
                break;
            case McpMethod.TasksNotification when envelope.TaskId.Exists && engine.PoolOf(connection.Server.Name) is { } pool:
                engine.Listens.TaskChanged(pool, frame, envelope);
                break;
            case McpMethod.Cancelled:
                Withdrawn(connection, frame, envelope);
                break;
            case McpMethod.SubscriptionsAcknowledged:
                engine.Listens.Acknowledged(connection, frame, envelope);
                break;
            default:
                Deliver(connection, frame, envelope, related);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnRequest(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related)
    {
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

        if (owner is not null && !owner.Profile.Takes(envelope.Method))
        {
            connection.Reply(new RouterError(ErrorCodes.MethodNotFound, "The client did not declare the capability for this request.").ToFrame(id), default);
            return;
        }

        if (owner is not null && !owner.Asking.MayAsk(connection, frame, envelope))
        {
            connection.Reply(new RouterError(ErrorCodes.InvalidParams, "This is not about a task of yours.").ToFrame(id), default);
            return;
        }

        if (owner is not null && owner.Asking.TryAsk(connection, frame, envelope, related, newest, count))
        {
            return;
        }

        var why = owner is null
            ? "The client this question is for cannot be told: several share this connection. Set \"sharing\": \"session\" for this server."
            : "The client cannot be reached now.";
        connection.Reply(new RouterError(ErrorCodes.CannotAsk, why).ToFrame(id), default);
    }

    /// <inheritdoc/>
    public void OnTask(UpstreamConnection connection, ReadOnlySpan<byte> taskId, OpenCall call)
    {
        if (call.Session is ClientSession session)
        {
            engine.Tasks.Note(session, connection.Server.Name, taskId);
        }
    }

    /// <inheritdoc/>
    public void OnRenewed(UpstreamConnection connection)
    {
        if (engine.PoolOf(connection.Server.Name)?.Slots.FirstOrDefault(s => ReferenceEquals(s.Live, connection)) is { } slot)
        {
            engine.Restore(slot, connection);
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
        if (connection.Order.Era == Era.Modern)
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

    /// <summary>A modern server's log message goes to the request that asked for logs, if it is clear which.</summary>
    private static void DeliverModern(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related)
    {
        if ((related ?? Attribution.Logged(connection)) is not { } call)
        {
            connection.CountStray();
        }
        else if (envelope.Method != McpMethod.Message || call.Exchange.LogLevel is not null)
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
        if (connection.Order.Era == Era.Modern)
        {
            engine.Listens.ResourceUpdated(pool, uri, frame, envelope);
            return;
        }

        var key = Subscriptions.Key(pool, uri);
        foreach (var session in engine.SessionsOf(connection))
        {
            if (!session.IsSubscribed(key, out var shown))
            {
                continue;
            }

            scoped SpliceList splices = default;
            if (shown is not null && shown != uri)
            {
                splices.Replace(envelope.Uri, JsonText.Encode(shown));
            }

            session.Send(frame, splices, droppable: true);
        }
    }
}
