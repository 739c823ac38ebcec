using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mimir.Faults.Kinds;
using Mimir.Faults.Matrix;
using Mimir.Faults.World;

namespace Mimir.Faults.Report;

/// <summary>The run of <c>./build.sh faults</c>: chosen cells, at a scale, its table printed and, when it was everything, written down.</summary>
internal static class BenchRun
{
    private const string Usage =
        """
        usage: ./build.sh faults [CELL ...] [--seed N] [--scale S] [--slack MS] [--beds N] [--write FILE] [--keep FILE] [--older yes] [--minutes M]

          CELL      X06, X06/http, X06/sse/in-flight, */stdio-2025; none for all
          --seed    of everything random; printed by every run
          --scale   1 (default): the figures of the matrix, hours; 0: as the tests run
          --slack   how long after its deadline a call may end; default 500
          --beds    routers side by side; default 1, for several disturb one another's times: what was only late is played again alone
          --write   where the report goes; default docs/operations/faults.md when all cells ran, else nowhere
          --keep    what has been played is kept there, and is not played again by a run that is given the same file
          --older   yes: what is kept there of another build of the router counts as well, and the report says of how many cells; default no
          --minutes no row is begun after that many; default no limit
        """;

    /// <summary>Runs.</summary>
    /// <returns>0 when everything held, 1 when something did not, 64 when it was called wrongly, 75 when the time was up before its end.</returns>
    public static async Task<int> MainAsync(string[] args)
    {
        var cells = new List<string>();
        var settings = new RunSettings(Environment.TickCount & 0xFFFFFF, 1, RunSettings.StrictSlack, 1);
        string? write = null, keep = null;
        var most = TimeSpan.MaxValue;
        var takesOlder = false;
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                cells.Add(args[i]);
                continue;
            }

            var value = i + 1 < args.Length ? args[++i] : "";
            var isNumber = double.TryParse(value, CultureInfo.InvariantCulture, out var number);
            if (args[i - (value.Length > 0 ? 1 : 0)] is var key && key is not ("--write" or "--keep" or "--older") && !isNumber) return Misused();
            switch (key)
            {
                case "--seed": settings = settings with { Seed = (int)number }; break;
                case "--scale": settings = settings with { Scale = number }; break;
                case "--slack": settings = settings with { Slack = TimeSpan.FromMilliseconds(number) }; break;
                case "--beds": settings = settings with { Beds = Math.Max(1, (int)number) }; break;
                case "--write": write = value; break;
                case "--keep": keep = value; break;
                case "--older": takesOlder = value == "yes"; break;
                case "--minutes": most = TimeSpan.FromMinutes(number); break;
                default: return Misused();
            }
        }

        bool IsMeant(Cell cell) => cells.Count == 0 || cells.Any(cell.IsMeantBy);
        var rows = (from fault in Catalogue.All
                    from transport in Transports.All
                    let phases = Enum.GetValues<Phase>().Where(p => IsMeant(new Cell(fault.Id, transport, p))).ToArray()
                    where phases.Length > 0
                    orderby fault.IsSlow descending
                    from row in Rows(fault, transport, phases, settings)
                    select row).ToList();
        if (rows.Count == 0) return Misused();

        var kept = new KeptRun(keep, settings, takesOlder);
        var done = new ConcurrentQueue<CellResult>();
        try
        {
            foreach (var result in (await kept.ReadAsync()).Where(r => IsMeant(r.Cell))) done.Enqueue(result);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            Console.Error.WriteLine($"faults: {e.Message}");
            return 64;
        }

        Console.WriteLine($"seed {settings.Seed}, scale {settings.Scale.ToString(CultureInfo.InvariantCulture)}, slack {settings.Slack.TotalMilliseconds:0} ms");
        Console.Write(Table.Head);
        var begun = Stopwatch.GetTimestamp();
        var passedBy = 0;
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = settings.Beds }, async (row, _) =>
        {
            row.Phases = [.. row.Phases.Where(p => !done.Any(d => d.Cell == new Cell(row.Fault, row.Transport, p) && d.Part == row.Part))];
            if (row.Phases.Length == 0) return;
            if (Stopwatch.GetElapsedTime(begun) > most)
            {
                Interlocked.Increment(ref passedBy);
                return;
            }

            foreach (var result in await PlayAsync(row, settings, kept, null)) done.Enqueue(result);
        });
        var last = done.ToDictionary(static r => r.Name);
        foreach (var late in done.Where(r => settings.Beds > 1 && r.Beside is null && r.IsOnlyLate))
        {
            if (Stopwatch.GetElapsedTime(begun) > most)
            {
                passedBy++;
                continue;
            }

            last[late.Name] = (await PlayAsync((late.Fault, late.Transport, [late.Phase], late.Part, late.Parts), settings, kept, late.Wrong)).Single();
        }

        CellResult[] results = [.. last.Values.GroupBy(static r => r.Cell).Select(static g => CellResult.OfParts([.. g])).OrderBy(a => a.Fault, StringComparer.Ordinal).ThenBy(a => a.Transport).ThenBy(a => a.Phase)];
        Console.WriteLine($"{Table.Sum(results)}; {Stopwatch.GetElapsedTime(begun).TotalMinutes:0.0} min");
        var isWrong = results.Any(a => a.Wrongs > 0 && KnownFailures.Of(a.Cell) is null);
        if (passedBy > 0)
        {
            Console.Error.WriteLine($"faults: {passedBy} rows or cells were not begun, for the time was up{(keep is null ? "" : $"; the same command goes on with them")}.");
            return isWrong ? 1 : 75;
        }

        write ??= cells.Count == 0 ? Functional.Harness.Repository.At("docs", "operations", "faults.md") : null;
        if (write is not null) await File.WriteAllTextAsync(write, Document.Write(results, settings, cells));
        return isWrong ? 1 : 0;
    }

    /// <summary>The phases of a fault on one transport, which are played one after the other on one router, or parts of one of them.</summary>
    private static IEnumerable<(string Fault, Transport Transport, Phase[] Phases, int Part, int Parts)> Rows(Fault fault, Transport transport, Phase[] phases, RunSettings settings)
    {
        int PartsIn(Phase phase) => settings.Scale >= 1 ? fault.PartsIn(phase) : 1;
        foreach (var phase in phases.Where(p => PartsIn(p) > 1))
        {
            for (var part = 0; part < PartsIn(phase); part++) yield return (fault.Id, transport, [phase], part, PartsIn(phase));
        }

        Phase[] whole = [.. phases.Where(p => PartsIn(p) == 1)];
        if (whole.Length > 0) yield return (fault.Id, transport, whole, 0, 1);
    }

    /// <summary>Plays cells of one fault on one transport, keeps and prints what came of them.</summary>
    /// <param name="beside">What was wrong with the one cell when it was played beside others; null when it was not.</param>
    private static async Task<List<CellResult>> PlayAsync(
        (string Fault, Transport Transport, Phase[] Phases, int Part, int Parts) row, RunSettings settings, KeptRun kept, int[]? beside)
    {
        settings = settings with { Part = row.Part, Parts = row.Parts };
        var played = new List<CellResult>();
        await Play.RunAsync(Catalogue.Of(row.Fault), row.Transport, row.Phases, settings, account =>
        {
            var result = CellResult.Of(account, settings) with { Beside = beside };
            kept.Add(result);
            played.Add(result);
            Console.Write(Table.Row(result));
            if (account.Wrongs > 0) Console.Error.Write(Table.Words(account, settings));
        });
        return played;
    }

    private static int Misused()
    {
        Console.Error.WriteLine(Usage);
        return 64;
    }
}
