using System.Collections.Immutable;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Sessions;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Engine;

/// <summary>The levels of log messages, and who wants which.</summary>
internal static class LogLevels
{
    /// <summary>From the most talkative to the quietest.</summary>
    public static readonly ImmutableArray<string> All = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    /// <summary>Tells whether a text is a level.</summary>
    public static bool Contains(ReadOnlySpan<byte> level)
    {
        foreach (var known in All)
        {
            if (Ascii.Equals(level, known))
            {
                return true;
            }
        }

        return false;
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
                lowest = Math.Min(lowest, All.IndexOf(wanted));
            }
        }

        if (lowest == int.MaxValue)
        {
            return;
        }

        LocalRequests.Send(
            connection, new LocalExchange { Method = McpMethod.SetLevel }, McpMethod.SetLevel, json => json.WriteString("level"u8, All[lowest]));
    }

    /// <summary>Tells whether a session wants a message of this level. One that set no level gets what the server sends.</summary>
    public static bool Wants(ClientSession session, ReadOnlySpan<byte> level) =>
        session.LogLevel is not { } wanted || All.IndexOf(Encoding.UTF8.GetString(level)) is var at && (at < 0 || at >= All.IndexOf(wanted));
}
