using System.Collections.Immutable;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Sessions;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Engine;

/// <summary>The levels of log messages, and who wants which.</summary>
internal static class LogLevels
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

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

    /// <summary>Sets the level of a legacy connection to the most talkative one that whoever uses it wants.</summary>
    public static void Apply(UpstreamConnection connection, RouterEngine engine)
    {
        if (Wanted(connection, engine, null) is { } level)
        {
            _ = SendAsync(connection, level);
        }
    }

    /// <summary>Tells whether a legacy connection is too quiet for a modern request, whose level holds for itself alone.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="level">The request's level, or null for none.</param>
    public static bool MustBeSet(UpstreamConnection connection, string? level) =>
        level is not null && connection.Handshake.Has("logging") && (connection.LogLevel is not { } set || All.IndexOf(set) > All.IndexOf(level));

    /// <summary>Makes a legacy connection talkative enough for a modern request. What it refuses is no reason not to call.</summary>
    public static async Task SetAsync(UpstreamConnection connection, RouterEngine engine, string? level)
    {
        if (MustBeSet(connection, level) && Wanted(connection, engine, level) is { } lowest)
        {
            await SendAsync(connection, lowest).ConfigureAwait(false);
        }
    }

    private static string? Wanted(UpstreamConnection connection, RouterEngine engine, string? level)
    {
        if (connection.Order.Era == Era.Modern || !connection.Handshake.Has("logging"))
        {
            return null;
        }

        var lowest = int.MaxValue;
        var levels = engine.SessionsOf(connection).Select(s => s.LogLevel).Concat(connection.Pending.Snapshot().Select(p => p.Exchange.LogLevel)).Append(level);
        foreach (var wanted in levels)
        {
            lowest = wanted is null ? lowest : Math.Min(lowest, All.IndexOf(wanted));
        }

        return lowest is int.MaxValue or < 0 ? null : All[lowest];
    }

    private static async Task SendAsync(UpstreamConnection connection, string level)
    {
        connection.LogLevel = level;
        using var limit = new CancellationTokenSource(Patience, connection.Order.Clock.Time);
        try
        {
            await connection.RequestAsync(McpMethod.SetLevel, json => json.WriteString("level"u8, level), limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RequestFailed or OperationCanceledException)
        {
            // Its messages stay as they are.
        }
    }

    /// <summary>Tells whether a modern request wants a message. Without a level it wants none.</summary>
    public static bool Admits(string? level, ReadOnlySpan<byte> frame, in Envelope envelope) =>
        level is not null && (!envelope.Level.Exists || All.IndexOf(Encoding.UTF8.GetString(envelope.Level.Of(frame))) is var at && (at < 0 || at >= All.IndexOf(level)));

    /// <summary>Tells whether a session wants a message of this level. One that set no level gets what the server sends.</summary>
    public static bool Wants(ClientSession session, ReadOnlySpan<byte> level) =>
        session.LogLevel is not { } wanted || All.IndexOf(Encoding.UTF8.GetString(level)) is var at && (at < 0 || at >= All.IndexOf(wanted));
}
