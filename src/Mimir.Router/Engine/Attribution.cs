using Mimir.Protocol.Envelopes;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Engine;

/// <summary>Whose it is what a server sends of its own accord. Nothing is guessed: what may be another client's is nobody's.</summary>
internal static class Attribution
{
    /// <summary>The session a message of a legacy server is meant for, or null when that cannot be told.</summary>
    /// <param name="engine">The router.</param>
    /// <param name="connection">Where it came from.</param>
    /// <param name="frame">The message.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="related">The call on whose response stream it came, or null.</param>
    public static ClientSession? Owner(
        RouterEngine engine, UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related)
    {
        var said = (related?.Session ?? connection.Order.Owner) as ClientSession;
        var task = envelope.Method == McpMethod.TasksStatus ? envelope.TaskId : envelope.RelatedTask;
        if (task.Exists && engine.Tasks.OwnerOf(connection.Server.Name, task.Of(frame)) is { } maker)
        {
            // A server may tell everybody of everybody's tasks.
            return said is null || ReferenceEquals(said, maker) ? maker : null;
        }

        if (said is not null)
        {
            return said;
        }

        // What belongs to no request may be about any call the connection has had, also of a client that has gone since.
        var caller = connection.Pending.SoleCaller(out var several);
        var sole = caller as ClientSession;
        return several || (caller is not null && sole is null) ? null : sole is null ? Sole(engine.SessionsOf(connection)) : sole.IsEnded ? null : sole;
    }

    /// <summary>
    /// The call of a modern client that a log message outside any response stream is for: the one that asked for logs, unless another
    /// client has a call open as well.
    /// </summary>
    public static OpenCall? Logged(UpstreamConnection connection)
    {
        OpenCall? asked = null;
        Exchange? first = null;
        foreach (var (id, exchange) in connection.Pending.Snapshot())
        {
            if (exchange is LocalExchange || OpenCall.Find(exchange, id) is not { } open)
            {
                continue;
            }

            // Clients on a line have one list each for all their requests; of requests over HTTP nobody knows whose they are.
            if (first is not null && (first.List is null || !ReferenceEquals(first.List, exchange.List)))
            {
                return null;
            }

            first ??= exchange;
            if (exchange.LogLevel is null)
            {
                continue;
            }

            if (asked is not null)
            {
                return null;
            }

            asked = open;
        }

        return asked;
    }

    private static ClientSession? Sole(IEnumerable<ClientSession> sessions)
    {
        ClientSession? sole = null;
        foreach (var session in sessions)
        {
            if (sole is not null)
            {
                return null;
            }

            sole = session;
        }

        return sole;
    }
}
