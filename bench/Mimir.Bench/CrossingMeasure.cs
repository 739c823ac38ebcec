using Mimir.Load;

namespace Mimir.Bench;

/// <summary>
/// Calls between eras beside the same calls within one: the router with a client of each era before it and an upstream of each behind
/// it, all four in each round.
/// </summary>
internal static class CrossingMeasure
{
    private const int InFlight = 64;
    private const int Size = 100;

    private static readonly (ClientEra Client, ClientEra Upstream)[] s_pairs =
    [
        (ClientEra.Legacy, ClientEra.Legacy), (ClientEra.Modern, ClientEra.Modern), (ClientEra.Modern, ClientEra.Legacy), (ClientEra.Legacy, ClientEra.Modern),
    ];

    public static void Run(Session session, Topology topology)
    {
        var name = CallMeasure.NameOf(topology);
        var workshop = session.Workshop;
        var (client, upstream) = (workshop.Era, workshop.UpstreamEra);
        try
        {
            var targets = s_pairs.Select(pair =>
            {
                session.Stop.ThrowIfCancellationRequested();
                (workshop.Era, workshop.UpstreamEra) = pair;
                return TargetFactory.Create(workshop, topology, Kind.Mimir);
            }).ToList();
            var cells = Measure(session, name, targets);
            session.Report.Rows.Add(RowOf(name, "modern client, legacy server", cells, s_pairs[2], s_pairs[1]));
            session.Report.Rows.Add(RowOf(name, "legacy client, modern server", cells, s_pairs[3], s_pairs[0]));
            targets.ForEach(static t => t.Dispose());
        }
        catch (BenchException e)
        {
            session.Fail($"{name}, between eras: {e.Message}");
        }
        finally
        {
            (workshop.Era, workshop.UpstreamEra) = (client, upstream);
            workshop.StopAll();
        }
    }

    private static Dictionary<(ClientEra Client, ClientEra Upstream), Cell> Measure(Session session, string topology, List<Target> targets)
    {
        var cells = s_pairs.ToDictionary(static p => p, static p => new Cell($"{p.Client} to {p.Upstream}", Kind.Mimir));
        for (var round = 0; round < session.Effort.Rounds; round++)
        {
            for (var i = 0; i < targets.Count; i++)
            {
                // Each round begins with another target, so that none always follows the same one.
                var at = (i + round) % targets.Count;
                var plan = new LoadPlan
                {
                    Tool = targets[at].Tool,
                    InFlight = InFlight,
                    TextLength = Size,
                    WarmUp = round == 0 ? session.Effort.FirstWarmUp : session.Effort.WarmUp,
                    Duration = session.Effort.Duration,
                    RouterProcess = targets[at].Process?.Id,
                };
                var result = session.Run(targets[at].Peer, plan);
                cells[s_pairs[at]].Add(result);
                session.Say(FormattableString.Invariant(
                    $"{topology}, {s_pairs[at].Client} to {s_pairs[at].Upstream} {result.Rate,9:F0}/s  p50 {result.P50,8:F1} us  cpu {result.RouterMicroseconds,7:F2} us/call"));
            }
        }

        foreach (var problem in cells.Values.Select(static c => c.Problem).OfType<string>())
        {
            session.Fail($"{topology}, {problem}");
        }

        return cells;
    }

    private static Row RowOf(
        string topology, string what, Dictionary<(ClientEra Client, ClientEra Upstream), Cell> cells, (ClientEra Client, ClientEra Upstream) crossing,
        (ClientEra Client, ClientEra Upstream) within)
    {
        var row = Row.From(
            $"{topology}, {what}, 100 B, {InFlight} in flight: router CPU µs/call",
            new Limit(LimitRule.RatioAtMost, 1.5),
            null,
            cells[within].Figures(static r => r.RouterMicroseconds),
            cells[crossing].Figures(static r => r.RouterMicroseconds));
        return row with { ReferenceName = "one era", Problem = cells[crossing].Problem ?? cells[within].Problem };
    }
}
