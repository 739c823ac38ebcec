using System.Globalization;
using Mimir.Epoll;
using Mimir.Load;

namespace Mimir.Bench;

/// <summary>
/// Managed bytes allocated for a call, router and floor each in a process that holds a probe beside its own code: it is asked
/// before and after a fixed number of calls, while none is under way.
/// </summary>
internal static class AllocationMeasure
{
    private const int InFlight = 64;

    // The smallest object takes 24 bytes, so less than a third of it cannot be one for every call; timers and the pool allocate too.
    private const double Noise = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static void Run(Session session, Topology topology)
    {
        var name = $"{CallMeasure.NameOf(topology)}, 100 B, {InFlight} in flight: managed bytes/call";
        try
        {
            var floor = Count(session, topology, Kind.Floor);
            session.Say(FormattableString.Invariant($"{name}, floor {floor:F1}"));
            double? router = null;
            try
            {
                router = Count(session, topology, Kind.Mimir);
                session.Say(FormattableString.Invariant($"{name}, mimir {router:F1}"));
            }
            catch (BenchException e)
            {
                session.Fail($"{name}: {e.Message}");
            }

            session.Report.Rows.Add(new Row { Name = name, Limit = new Limit(LimitRule.ExcessAtMost, Noise), Reference = floor, Router = router });
        }
        catch (BenchException e)
        {
            session.Fail($"{name}: {e.Message}");
            session.Report.Rows.Add(new Row { Name = name, Problem = e.Message });
        }
    }

    private static double Count(Session session, Topology topology, Kind kind)
    {
        var answer = Path.Combine(session.Workshop.NewFolder(), "allocated");
        var hook = Path.Combine(session.Workshop.Artifacts, "probe", "Mimir.AllocProbe.dll");
        using var target = TargetFactory.Create(
            session.Workshop, topology, kind, ("DOTNET_STARTUP_HOOKS", hook), ("MIMIR_BENCH_ALLOCATIONS", answer));
        var plan = new LoadPlan { Tool = target.Tool, InFlight = InFlight, Calls = session.Effort.AllocationCalls };
        Load(target, plan, session.Stop);
        var before = Ask(target.Process!, answer);
        Load(target, plan, session.Stop);
        var after = Ask(target.Process!, answer);
        session.Workshop.StopAll();
        return (double)(after - before) / session.Effort.AllocationCalls;
    }

    private static void Load(Target target, LoadPlan plan, CancellationToken stop)
    {
        var result = target.Peer.Run(plan, stop);
        if (result.Errors > 0)
        {
            throw new BenchException($"{target.Kind}: {result.Errors} wrong replies, the first: {result.FirstError}");
        }
    }

    private static long Ask(Launched process, string answer)
    {
        File.Delete(answer);
        _ = Native.Signal(process.Id, Native.User2);
        if (!SpinWait.SpinUntil(() => File.Exists(answer) || !process.IsAlive, s_patience) || !process.IsAlive)
        {
            throw new BenchException($"{process.Name} does not say what it has allocated; it loads no startup hook, it seems. {process.Tail()}");
        }

        return long.Parse(File.ReadAllText(answer), CultureInfo.InvariantCulture);
    }
}
