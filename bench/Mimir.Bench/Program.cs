using System.Runtime.InteropServices;
using Mimir.Load;

namespace Mimir.Bench;

/// <summary>Runs everything and writes the results.</summary>
internal static class Program
{
    private const string Usage =
        """
        usage: mimir-bench [--quick] [--only NAME,...] [--era legacy|modern] [--no-publish] [--out FILE]
          --quick       under three minutes; its results go to artifacts/bench/RESULTS.md, not into the repository
          --only        of: h2h h2s s2s cross alloc list start; results then go to artifacts/bench/RESULTS.md as well
          --era         the revision on both sides (legacy: 2025-11-25)
          --no-publish  measure what the last run published
          --out         where the results go (bench/RESULTS.md)
        Ends with 0 when everything was measured, targets kept or missed; with 1 when something could not be measured or a reply was wrong.
        """;

    private static readonly string[] s_parts = ["h2h", "h2s", "s2s", "cross", "alloc", "list", "start"];

    private static int Main(string[] arguments)
    {
        if (arguments is ["--help" or "-h"])
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if (Options.Parse(arguments, s_parts) is not { } options)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("The bench reads /proc and uses epoll: it runs on Linux only.");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        var root = FindRoot();
        var artifacts = Path.Combine(root, "artifacts", "bench");
        Directory.CreateDirectory(artifacts);
        using var workshop = new Workshop(artifacts, options.Era);
        using var interrupt = OnSignal(PosixSignal.SIGINT, stop, workshop);
        using var terminate = OnSignal(PosixSignal.SIGTERM, stop, workshop);
        using var hangUp = OnSignal(PosixSignal.SIGHUP, stop, workshop);
        var report = new Report();
        var session = new Session(workshop, options.Quick ? Effort.Quick : Effort.Full, report, stop.Token);
        try
        {
            if (options.Publish)
            {
                Publisher.PublishAll(root, artifacts, session.Say, stop.Token);
            }

            Measure(session, options.Parts);
        }
        catch (BenchException e)
        {
            session.Fail(e.Message);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped.");
            return 130;
        }

        if (session.Neighbours.Cores is { } others)
        {
            report.Notes.Add(FormattableString.Invariant(
                $"Other processes used {others.Median:F2} cores during a load in the median, at most {others.Greatest:F2}; above 0.3 rates and latencies are not to be trusted."));
        }

        Console.WriteLine(Markdown.Table(report));
        report.Notes.ForEach(Console.WriteLine);
        report.Problems.ForEach(static p => Console.WriteLine($"Problem: {p}"));
        var file = options.Output ?? Path.Combine(options.IsWhole ? Path.Combine(root, "bench") : artifacts, "RESULTS.md");
        File.WriteAllText(file, Markdown.Document(report, session.Effort, options.Era));
        Console.Error.WriteLine($"Written to {file}.");
        return report.Problems.Count == 0 ? 0 : 1;
    }

    private static void Measure(Session session, IReadOnlySet<string> parts)
    {
        var topologies = new[] { ("h2h", Topology.HttpToHttp), ("h2s", Topology.HttpToStdio), ("s2s", Topology.StdioToStdio) };
        foreach (var (part, topology) in topologies.Where(t => parts.Contains(t.Item1)))
        {
            CallMeasure.Run(session, topology);
        }

        if (parts.Contains("cross"))
        {
            CrossingMeasure.Run(session, Topology.HttpToHttp);
            CrossingMeasure.Run(session, Topology.StdioToStdio);
        }

        foreach (var (_, topology) in topologies.Where(_ => parts.Contains("alloc")))
        {
            AllocationMeasure.Run(session, topology);
        }

        if (parts.Contains("list"))
        {
            CrowdMeasure.Run(session);
        }

        if (parts.Contains("start"))
        {
            StartupMeasure.Run(session);
        }
    }

    // The first signal ends the measuring in order; the second, everything at once.
    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource stop, Workshop workshop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            if (stop.IsCancellationRequested)
            {
                workshop.KillAll();
                Environment.Exit(130);
            }

            stop.Cancel();
        });

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Mimir.slnx")))
            {
                return folder;
            }
        }

        throw new BenchException("Mimir.slnx is in no folder above the bench.");
    }
}
