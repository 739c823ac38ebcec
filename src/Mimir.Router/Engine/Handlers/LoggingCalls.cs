using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Engine.Handlers;

/// <summary>logging/setLevel: remembered for the session and passed to every server it has open, now and later.</summary>
internal static class LoggingCalls
{
    private static readonly string[] Levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    public static void Run(ref Request request, RouterEngine engine)
    {
        var level = request.Envelope.Level.Exists ? Encoding.UTF8.GetString(request.Envelope.Level.Of(request.Frame)) : "";
        if (Array.IndexOf(Levels, level) < 0)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.level must be one of " + string.Join(", ", Levels) + "."));
            return;
        }

        var session = request.Session!;
        session.LogLevel = level;
        foreach (var pool in request.View.Pools)
        {
            if (request.Catalog.SlotOf(pool).Live is { } connection)
            {
                Apply(connection, engine);
            }
        }

        request.Answer("{}"u8);
    }

    /// <summary>Sets the level of a connection to the most talkative one that a session using it wants.</summary>
    public static void Apply(UpstreamConnection connection, RouterEngine engine)
    {
        if (!connection.Handshake.Has("logging"))
        {
            return;
        }

        var lowest = int.MaxValue;
        foreach (var session in engine.SessionsOf(connection))
        {
            if (session.LogLevel is { } wanted)
            {
                lowest = Math.Min(lowest, Array.IndexOf(Levels, wanted));
            }
        }

        if (lowest == int.MaxValue)
        {
            return;
        }

        LocalRequests.Send(
            connection, new LocalExchange { Method = McpMethod.SetLevel }, McpMethod.SetLevel, json => json.WriteString("level"u8, Levels[lowest]));
    }

    /// <summary>Tells whether a session wants a message of this level. One that set no level gets what the server sends.</summary>
    public static bool Wants(ClientSession session, ReadOnlySpan<byte> level) =>
        session.LogLevel is not { } wanted || Array.IndexOf(Levels, Encoding.UTF8.GetString(level)) is var at && (at < 0 || at >= Array.IndexOf(Levels, wanted));
}
