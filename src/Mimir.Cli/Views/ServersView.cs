using System.Globalization;
using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Management.Views;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.State.Health;

namespace Mimir.Cli.Views;

/// <summary>The servers, as a table for people and as JSON for programs.</summary>
internal static class ServersView
{
    /// <summary>Prints the table. Health, breaker, cluster and priority are columns only where a server has something to say there.</summary>
    public static void WriteTable(CliConsole console, IReadOnlyList<ServerRow> servers)
    {
        List<Column> columns =
        [
            new("NAME", s => (s.Name, Ink.Bold)),
            new("STATE", s => (UpstreamLife.Word(s.State), Look(s.State))),
        ];
        if (servers.Any(IsAsideThoughReady))
        {
            columns.Add(new("HEALTH", s => s.Health is null or { IsHealthy: true } ? ("well", Ink.Good) : ("not well", Ink.Bad)));
        }

        if (servers.Any(s => s.Health is { HasBreaker: true }))
        {
            columns.Add(new("BREAKER", s => s.Health is { HasBreaker: true } h ? (BackendJson.Word(h.Breaker), Look(h.Breaker)) : (null, Ink.Plain)));
        }

        if (servers.Any(s => s.Cluster is not null))
        {
            columns.Add(new("CLUSTER", s => (s.Cluster, Ink.Plain)));
        }

        if (servers.Any(s => s.Priority != ServerModel.DefaultPriority))
        {
            columns.Add(new("PRIORITY", s => (s.Priority.ToString(CultureInfo.InvariantCulture), Ink.Plain), IsNumber: true));
        }

        columns.AddRange(
        [
            new("TRANSPORT", s => (s.Transport, Ink.Plain)),
            new("ERA", s => (Era(s), Ink.Plain)),
            new("REVISION", s => (s.Revision?.Name, Ink.Plain)),
            new("TOOLS", s => (Count(s, s.Tools), Ink.Plain), IsNumber: true),
            new("PROMPTS", s => (Count(s, s.Prompts), Ink.Plain), IsNumber: true),
            new("RESOURCES", s => (Count(s, s.Resources), Ink.Plain), IsNumber: true),
            new("TEMPLATES", s => (Count(s, s.Templates), Ink.Plain), IsNumber: true),
            new("DETAIL", s => (Detail(s), Ink.Faint)),
        ]);
        var table = new TextTable([.. columns.Select(c => c.Header)])
            .AlignRight([.. Enumerable.Range(0, columns.Count).Where(i => columns[i].IsNumber)]);
        foreach (var server in servers)
        {
            table.Add([.. columns.Select(c => c.Cell(server))]);
        }

        table.WriteTo(console);
    }

    /// <summary>
    /// <c>{"servers":[{"name","state","transport","era","revision","tools","prompts","resources","templates","stale","garbage","strays",
    /// "detail","healthy","objection","circuitState","errorCount","open","waiting","cluster","priority"}]}</c> in
    /// configured order. <c>state</c> is one of configured, starting, ready, degraded, backoff, draining, stopped, failed,
    /// needs-auth, hibernated, quarantined; <c>era</c>, <c>revision</c> and <c>detail</c> may be
    /// null; <c>stale</c> says that clients are shown what was last known of it; <c>garbage</c> counts what of
    /// it was no message and was skipped, <c>strays</c> messages that belonged to nobody and were dropped; <c>healthy</c> is
    /// false when something speaks against sending it calls, which <c>objection</c> says, else null; <c>circuitState</c> is CLOSED, OPEN or
    /// HALF_OPEN, null where it has no breaker; <c>errorCount</c> counts failures in a row, <c>open</c> and <c>waiting</c> calls;
    /// <c>cluster</c> may be null; lower numbers of <c>priority</c> go first. Members are added over time
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
            writer.WriteString("state", UpstreamLife.Word(server.State));
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
            writer.WriteBoolean("healthy", server.Health is null or { IsHealthy: true });
            writer.WriteString("objection", server.Health is { IsHealthy: false } ? server.Health.Objection : null);
            writer.WriteString("circuitState", server.Health is { HasBreaker: true } ? BackendJson.Word(server.Health.Breaker) : null);
            writer.WriteNumber("errorCount", server.Health?.Failures ?? 0);
            writer.WriteNumber("open", server.Health?.Open ?? 0);
            writer.WriteNumber("waiting", server.Health?.Waiting ?? 0);
            writer.WriteString("cluster", server.Cluster);
            writer.WriteNumber("priority", server.Priority);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>The look of a state.</summary>
    public static Ink Look(UpstreamStatus state) => state switch
    {
        UpstreamStatus.Ready => Ink.Good,
        UpstreamStatus.Backoff or UpstreamStatus.Failed or UpstreamStatus.NeedsAuth or UpstreamStatus.Quarantined => Ink.Bad,
        UpstreamStatus.Starting or UpstreamStatus.Degraded or UpstreamStatus.Draining => Ink.Warning,
        _ => Ink.Faint,
    };

    private static Ink Look(BreakerState state) => state switch
    {
        BreakerState.Closed => Ink.Good,
        BreakerState.Open => Ink.Bad,
        _ => Ink.Warning,
    };

    /// <summary>What is down is not well either, and its state says so already.</summary>
    private static bool IsAsideThoughReady(ServerRow server) =>
        server is { Health.IsHealthy: false, State: UpstreamStatus.Ready or UpstreamStatus.Degraded or UpstreamStatus.Starting or UpstreamStatus.Configured or UpstreamStatus.Hibernated };

    private static string? Era(ServerRow server) =>
        server.Revision is { } revision ? (revision.Era == Protocol.Revisions.Era.Modern ? "modern" : "legacy") : null;

    private static string? Detail(ServerRow server)
    {
        string?[] all =
        [
            IsAsideThoughReady(server) || server is { Health.IsHealthy: false, State: UpstreamStatus.Quarantined } ? server.Health!.Objection : null,
            server.Detail,
            server.Garbage == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{server.Garbage} lines were no messages and were skipped"),
        ];
        return all.Any(x => x is not null) ? string.Join("; ", all.Where(x => x is not null)) : null;
    }

    private static string Count(ServerRow server, int count) =>
        server.Revision is null && count == 0 ? "-" : count.ToString(CultureInfo.InvariantCulture);

    private sealed record Column(string Header, Func<ServerRow, (string? Text, Ink Ink)> Cell, bool IsNumber = false);
}
