using System.Globalization;
using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Views;

/// <summary>The servers, as a table for people and as JSON for programs.</summary>
internal static class ServersView
{
    /// <summary>Prints the table.</summary>
    public static void WriteTable(CliConsole console, IReadOnlyList<ServerRow> servers)
    {
        var table = new TextTable("NAME", "STATE", "TRANSPORT", "ERA", "REVISION", "TOOLS", "PROMPTS", "RESOURCES", "TEMPLATES", "DETAIL")
            .AlignRight(5, 6, 7, 8);
        foreach (var server in servers)
        {
            table.Add(
                (server.Name, Ink.Bold),
                (Word(server.State), Look(server.State)),
                (server.Transport, Ink.Plain),
                (Era(server), Ink.Plain),
                (server.Revision?.Name, Ink.Plain),
                (Count(server, server.Tools), Ink.Plain),
                (Count(server, server.Prompts), Ink.Plain),
                (Count(server, server.Resources), Ink.Plain),
                (Count(server, server.Templates), Ink.Plain),
                (Detail(server), Ink.Faint));
        }

        table.WriteTo(console);
    }

    /// <summary>
    /// <c>{"servers":[{"name","state","transport","era","revision","tools","prompts","resources","templates","stale","garbage","strays",
    /// "detail"}]}</c> in
    /// configured order. <c>state</c> is one of idle, starting, ready, failed; <c>era</c>, <c>revision</c> and <c>detail</c> may be
    /// null; <c>stale</c> says that clients are shown what was last known of it; <c>garbage</c> counts what of
    /// it was no message and was skipped, <c>strays</c> messages that belonged to nobody and were dropped. Members are added over time
    /// and never change their meaning.
    /// </summary>
    public static string ToJson(IReadOnlyList<ServerRow> servers) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("servers");
        foreach (var server in servers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", server.Name);
            writer.WriteString("state", Word(server.State));
            writer.WriteString("transport", server.Transport);
            writer.WriteString("era", Era(server));
            writer.WriteString("revision", server.Revision?.Name);
            writer.WriteNumber("tools", server.Tools);
            writer.WriteNumber("prompts", server.Prompts);
            writer.WriteNumber("resources", server.Resources);
            writer.WriteNumber("templates", server.Templates);
            writer.WriteBoolean("stale", server.IsStale);
            writer.WriteNumber("garbage", server.Garbage);
            writer.WriteNumber("strays", server.Strays);
            writer.WriteString("detail", server.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>The state as it is written everywhere.</summary>
    public static string Word(ServerState state) => state switch
    {
        ServerState.Idle => "idle",
        ServerState.Starting => "starting",
        ServerState.Ready => "ready",
        _ => "failed",
    };

    /// <summary>The look of a state.</summary>
    public static Ink Look(ServerState state) => state switch
    {
        ServerState.Ready => Ink.Good,
        ServerState.Failed => Ink.Bad,
        ServerState.Starting => Ink.Warning,
        _ => Ink.Faint,
    };

    private static string? Era(ServerRow server) =>
        server.Revision is { } revision ? (revision.Era == Protocol.Revisions.Era.Modern ? "modern" : "legacy") : null;

    private static string? Detail(ServerRow server) => server.Garbage == 0 ? server.Detail
        : string.Create(CultureInfo.InvariantCulture, $"{(server.Detail is null ? "" : server.Detail + "; ")}{server.Garbage} lines were no messages and were skipped");

    private static string Count(ServerRow server, int count) =>
        server.Revision is null && count == 0 ? "-" : count.ToString(CultureInfo.InvariantCulture);
}
