using Mimir.Load;

namespace Mimir.Bench;

/// <summary>Calls of <c>echo</c> in one topology: many small ones, one small one at a time, large ones; all targets in each round.</summary>
internal static class CallMeasure
{
    private const int Large = 1 << 20;

    private static readonly (string Name, int InFlight, int Size)[] s_loads =
        [("100 B, 64 in flight", 64, 100), ("100 B, 1 in flight", 1, 100), ("1 MB, 4 in flight", 4, Large)];

    public static void Run(Session session, Topology topology)
    {
        var name = NameOf(topology);
        var targets = new List<Target>();
        foreach (var kind in TargetFactory.KindsOf(topology))
        {
            try
            {
                session.Stop.ThrowIfCancellationRequested();
                targets.Add(TargetFactory.Create(session.Workshop, topology, kind));
            }
            catch (BenchException e)
            {
                session.Fail($"{name}: {e.Message}");
            }
        }

        var warmUp = session.Effort.FirstWarmUp;
        foreach (var load in s_loads)
        {
            var cells = Measure(session, name, targets, load, warmUp);
            session.Report.Cells.AddRange(cells.Values.Select(c => (name, c)));
            session.Report.Rows.AddRange(RowsOf(topology, name, load.Name, cells));
            warmUp = session.Effort.WarmUp;
        }

        targets.ForEach(static t => t.Dispose());
        session.Workshop.StopAll();
    }

    /// <summary>How a topology is called in the results.</summary>
    public static string NameOf(Topology topology) => topology switch
    {
        Topology.HttpToHttp => "HTTP → HTTP",
        Topology.HttpToStdio => "HTTP → stdio",
        _ => "stdio → stdio",
    };

    private static Dictionary<Kind, Cell> Measure(
        Session session, string topology, List<Target> targets, (string Name, int InFlight, int Size) load, TimeSpan firstWarmUp)
    {
        var cells = targets.ToDictionary(static t => t.Kind, t => new Cell(load.Name, t.Kind));
        for (var round = 0; round < session.Effort.Rounds; round++)
        {
            for (var i = 0; i < targets.Count; i++)
            {
                // Each round begins with another target, so that none always follows the same one.
                var target = targets[(i + round) % targets.Count];
                var plan = new LoadPlan
                {
                    Tool = target.Tool,
                    InFlight = load.InFlight,
                    TextLength = load.Size,
                    WarmUp = round == 0 ? firstWarmUp : session.Effort.WarmUp,
                    Duration = session.Effort.Duration,
                    RouterProcess = target.Process?.Id,
                };
                var result = session.Run(target.Peer, plan);
                cells[target.Kind].Add(result);
                session.Say(FormattableString.Invariant(
                    $"{topology}, {load.Name}, {target.Kind,-9} {result.Rate,9:F0}/s  p50 {result.P50,8:F1} us  p99 {result.P99,8:F1} us  cpu {result.RouterMicroseconds,7:F2} us/call"));
            }
        }

        foreach (var problem in cells.Values.Select(static c => c.Problem).OfType<string>())
        {
            session.Fail($"{topology}, {problem}");
        }

        return cells;
    }

    private static IEnumerable<Row> RowsOf(Topology topology, string name, string load, Dictionary<Kind, Cell> cells)
    {
        Row Make(string unit, Limit? limit, Func<LoadResult, double> figure, Kind reference = Kind.Floor)
        {
            var row = Row.From($"{name}, {load}: {unit}", limit, Of(Kind.Direct), Of(reference), Of(Kind.Mimir));
            return row with { Problem = cells.Values.Select(static c => c.Problem).FirstOrDefault(static p => p is not null) };
            IReadOnlyList<double>? Of(Kind kind) => cells.TryGetValue(kind, out var cell) ? cell.Figures(figure) : null;
        }

        if (load == s_loads[0].Name)
        {
            var bound = topology switch { Topology.HttpToHttp => 1.2, Topology.HttpToStdio => 1.25, _ => 1.7 };
            yield return Make("router CPU µs/call", new Limit(LimitRule.RatioAtMost, bound), static r => r.RouterMicroseconds);
            if (cells.ContainsKey(Kind.Pipelines))
            {
                yield return Make("router CPU µs/call", null, static r => r.RouterMicroseconds, Kind.Pipelines) with { ReferenceName = "on Pipelines" };
            }

            yield return Make("calls/s", null, static r => r.Rate);
        }
        else if (load == s_loads[1].Name)
        {
            yield return Make("p50 µs", new Limit(LimitRule.RatioAtMost, 1.25), static r => r.P50);
        }
        else
        {
            yield return Make("calls/s", new Limit(LimitRule.RatioAtLeast, 0.8), static r => r.Rate);
        }
    }
}
