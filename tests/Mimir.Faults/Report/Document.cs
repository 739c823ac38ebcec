using System.Globalization;
using System.Text;
using Mimir.Faults.Kinds;
using Mimir.Faults.Matrix;

namespace Mimir.Faults.Report;

/// <summary>The report of a run, for <c>docs/operations/faults.md</c>.</summary>
internal static class Document
{
    /// <summary>Writes it.</summary>
    public static string Write(IReadOnlyCollection<CellResult> results, RunSettings settings, IReadOnlyCollection<string> cells)
    {
        var text = new StringBuilder();
        void Line(string line = "") => text.Append(line).Append('\n');
        Line("# What happens when things break");
        Line();
        Line($"Written by `./build.sh faults{string.Concat(cells.Select(c => " " + c))} --seed {settings.Seed} --scale {settings.Scale.ToString(CultureInfo.InvariantCulture)} --slack {settings.Slack.TotalMilliseconds:0} --beds {settings.Beds}`; do not edit.");
        Line();
        Line("A server behind the router suffers a fault while clients of both eras call it, and a second server that suffers nothing. Each call");
        Line("carries 128 random bits, and the server answers with them, its own name and a checksum of the arguments, and enters every call it");
        Line("runs into a file that outlives it. So each call is known to have ended well, with an error in time, or not as it must.");
        Line();
        Line($"**{Table.Sum(results)}.**");
        Line();
        Line(string.Create(CultureInfo.InvariantCulture, $"Scale {settings.Scale} of the figures of the matrix (1 is all of them; 0 is what the tests run), {results.Sum(a => a.Seconds) / 60:0} minutes of cells, {settings.Beds} at a time, on {Environment.ProcessorCount} cores, seed {settings.Seed}, {DateTime.UtcNow:yyyy-MM-dd}."));
        Line("A call may end this much after its deadline: " + string.Create(CultureInfo.InvariantCulture, $"{settings.Slack.TotalMilliseconds:0} ms; the latest ended {results.Select(a => a.Latest).DefaultIfEmpty().Max():0} ms after it (negative: before it)."));
        Line();
        Line($"Load of the machine at the end (1, 5, 15 minutes): {string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3))}. Where it is far above the number of cores, *late* says as much of the machine as of the router.");
        Line();
        if (results.Count(a => a.Beside is not null) is var again and > 0)
        {
            Line($"{again} cells, or parts of them, had something late, slow or left beside the other routers, and were played again alone with the same seed: what is shown is what came of that, and the last column says what it was before.");
            Line();
        }

        if (results.Count(a => a.IsOlder) is var older and > 0)
        {
            Line($"{older} of the {results.Count} cells were played with an earlier build of the router than the others: the run was stopped for a change of it, and gone on with. They are marked °.");
            Line();
        }

        Line("| fault | | transports | cells | calls | answered | errors in time | wrong |");
        Line("|---|---|---|--:|--:|--:|--:|--:|");
        foreach (var fault in Catalogue.All)
        {
            var own = results.Where(a => a.Cell.Fault == fault.Id).ToList();
            Line(own.Count == 0
                ? $"| {fault.Id} | {fault.Title} | | 0 | | | | {fault.Excuse(Transport.Stdio2025, Phase.Idle)} |"
                : $"| {fault.Id} | {fault.Title} | {string.Join(", ", own.Select(a => a.Cell.Transport.Name()).Distinct())} | {own.Count} | {own.Sum(a => a.Sent)} | {own.Sum(a => a.Ok)} | {own.Sum(a => a.Errors)} | {own.Sum(a => a.Wrongs)} |");
        }

        Line();
        Line("## Cells");
        Line();
        Line("*p99*: what answered calls took besides what the server was told to take; waiting for a server that is away is in it.");
        Line("*latest*: the most that a call ended after its deadline. *after strike*: from the fault to the errors of calls that were open then.");
        Line("Cells that take long are played in parts, each on a router of its own: of these the sums are shown, and the largest times.");
        Line("*back*: until both clients were answered again. *resources*: what the router held more, or less, after the cell than before it.");
        Line("*slow*: calls in bad weather took more than twice what calls past the router took at the same time, or calls at the other server took more");
        Line("than 1.5 times under a flood what they took before it; what a call may end after its deadline is granted here as well, and the weather's jitter.");
        Line();
        text.Append(Table.Head);
        foreach (var result in results) text.Append(Table.Row(result));
        Line();
        Line("## Not applicable");
        Line();
        var excuses = from fault in Catalogue.All
                      from transport in Transports.All
                      from phase in Enum.GetValues<Phase>()
                      let excuse = fault.Excuse(transport, phase)
                      where excuse is not null
                      group new Cell(fault.Id, transport, phase) by (fault.Id, excuse);
        foreach (var group in excuses)
        {
            var transports = group.Select(c => c.Transport.Name()).Distinct().ToList();
            var phases = group.Select(c => Cell.NameOf(c.Phase)).Distinct().ToList();
            Line($"- {group.Key.Id}, {(transports.Count == Transports.All.Length ? "all transports" : string.Join(", ", transports))}, {(phases.Count == Enum.GetValues<Phase>().Length ? "all phases" : string.Join(", ", phases))}: {group.Key.excuse}.");
        }

        return text.ToString();
    }
}
