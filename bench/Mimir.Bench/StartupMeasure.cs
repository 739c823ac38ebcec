using System.Diagnostics;
using Mimir.Load;

namespace Mimir.Bench;

/// <summary>
/// From exec to the first answered greeting, over pipes and over HTTP, with one and with ten upstreams, beside bare processes
/// that do nothing but answer it.
/// </summary>
internal static class StartupMeasure
{
    private const double Bound = 1.3;

    public static void Run(Session session)
    {
        var workshop = session.Workshop;
        Series(session, "stdio", "bare process", () => TimeStdio(workshop, workshop.Floor, ["bare-stdio"]), servers =>
            TimeStdio(workshop, workshop.Router, ["serve", "--config", workshop.Configure(servers, 1)]));
        Series(session, "HTTP", "bare Kestrel", () => TimeHttp(workshop, workshop.Floor, port => ["bare-http", $"{port}"]), servers =>
        {
            var configuration = workshop.Configure(servers, 1);
            return TimeHttp(workshop, workshop.Router, port => ["serve", "--http", $"127.0.0.1:{port}", "--config", configuration]);
        });
    }

    private static void Series(Session session, string transport, string referenceName, Func<double> reference, Func<int, double> router)
    {
        var bare = new List<double>();
        var one = new List<double>();
        var ten = new List<double>();
        string? problem = null;
        for (var round = 0; round < session.Effort.Starts; round++)
        {
            session.Stop.ThrowIfCancellationRequested();
            bare.Add(reference());
            if (problem is null)
            {
                try
                {
                    one.Add(router(1));
                    ten.Add(router(10));
                }
                catch (BenchException e)
                {
                    problem = e.Message;
                    session.Fail($"start over {transport}: {e.Message}");
                }
            }
        }

        session.Say(FormattableString.Invariant(
            $"start over {transport}: {referenceName} {Spread.Of(bare)?.Median:F1} ms, mimir {Spread.Of(one)?.Median:F1} ms, with ten upstreams {Spread.Of(ten)?.Median:F1} ms"));
        foreach (var (name, figures) in new[] { ("one upstream", one), ("ten upstreams", ten) })
        {
            session.Report.Rows.Add(Row.From(
                $"start over {transport}, {name}: exec to answered initialize, ms", new Limit(LimitRule.RatioAtMost, Bound), null, bare, figures)
                with
            { ReferenceName = referenceName, Problem = problem });
        }
    }

    private static double TimeStdio(Workshop workshop, string command, string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        var launched = workshop.Start(Path.GetFileName(command), command, arguments, speaksOnStdout: true);
        return Finish(workshop, launched, start, () => workshop.Greet(launched));
    }

    private static double TimeHttp(Workshop workshop, string command, Func<int, string[]> arguments)
    {
        var port = Workshop.FreePort();
        var words = arguments(port);
        var start = Stopwatch.GetTimestamp();
        var launched = workshop.Start(Path.GetFileName(command), command, words, speaksOnStdout: false);
        return Finish(workshop, launched, start, () => workshop.Greet(launched, port));
    }

    private static double Finish(Workshop workshop, Launched launched, long start, Func<IPeer> greet)
    {
        try
        {
            using var peer = greet();
            return Stopwatch.GetElapsedTime(start, peer.GreetedAt).TotalMilliseconds;
        }
        finally
        {
            workshop.Stop(launched);
        }
    }
}
