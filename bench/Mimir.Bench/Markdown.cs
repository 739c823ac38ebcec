using System.Globalization;
using System.Text;
using Mimir.Load;

namespace Mimir.Bench;

/// <summary>The results as markdown; the same table is shown on the console.</summary>
internal static class Markdown
{
    /// <summary>The table of rows, its columns padded so that it reads as plain text too.</summary>
    public static string Table(Report report)
    {
        var lines = new List<string[]> { new[] { "measure", "direct", "reference", "Mimir", "Mimir / reference", "target", "" } };
        lines.AddRange(report.Rows.Select(static r => new[]
        {
            r.Name,
            Figure(r.Direct),
            r.Reference is null ? "" : r.ReferenceName == "floor" ? Figure(r.Reference) : $"{Figure(r.Reference)} ({r.ReferenceName})",
            Figure(r.Router),
            r.Ratio is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s.Median:F2} ({s.Least:F2}–{s.Greatest:F2})") : "",
            r.Limit?.ToString() ?? "",
            r.Verdict,
        }));
        return Pad(lines);
    }

    /// <summary>The whole document.</summary>
    public static string Document(Report report, Effort effort, ClientEra era)
    {
        var text = new StringBuilder();
        text.AppendLine("# Bench: direct, through Mimir, through a plain relay").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Written by `./build.sh bench` on {DateTime.UtcNow:yyyy-MM-dd}; {(era == ClientEra.Legacy ? "2025-11-25" : "2026-07-28")} on both sides.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {MachineDescription.Text()}.").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{effort.Rounds} rounds of {effort.Duration.TotalSeconds:0.#} s; in each round every target runs once, and each round begins with another one. The ratio is taken");
        text.AppendLine("inside each round; its median stands first, the least and the greatest in brackets. Figures are medians over the rounds.").AppendLine();
        text.AppendLine("The reference, where nothing else is named, is the floor: a C# relay (`bench/Mimir.Floor`) that finds and replaces the id of each");
        text.AppendLine("message and does nothing else. Nothing is pinned: client, router and upstream share the cores, so rates and latencies move with");
        text.AppendLine("whatever else runs, and the router's processor time per call, user and system, its children apart, is the steady figure. At one");
        text.AppendLine("call in flight a median depends on the cores the kernel picks; read it as a ratio only. Every reply was checked: status, id, text.");
        text.AppendLine("Direct is the client with the upstream and nothing in between, which for HTTP → stdio is the pipe alone.").AppendLine();
        text.AppendLine(Table(report));
        foreach (var note in report.Notes)
        {
            text.AppendLine(note).AppendLine();
        }

        if (report.Problems.Count > 0)
        {
            text.AppendLine("## What went wrong").AppendLine();
            report.Problems.ForEach(p => text.AppendLine(CultureInfo.InvariantCulture, $"- {p.ReplaceLineEndings(" ")}"));
            text.AppendLine();
        }

        text.AppendLine("## All loads").AppendLine();
        text.Append(Details(report));
        return text.ToString();
    }

    private static string Details(Report report)
    {
        var lines = new List<string[]> { new[] { "topology", "load", "target", "calls/s", "p50 µs", "p99 µs", "CPU µs/call", "client's share of a core" } };
        lines.AddRange(report.Cells.Select(static c => new[]
        {
            c.Topology,
            c.Cell.Load,
            c.Cell.Kind.ToString(),
            Middle(c.Cell, static r => r.Rate),
            Middle(c.Cell, static r => r.P50),
            Middle(c.Cell, static r => r.P99),
            Middle(c.Cell, static r => r.RouterMicroseconds),
            Middle(c.Cell, static r => r.ClientShare),
        }));
        return Pad(lines);
    }

    private static string Middle(Cell cell, Func<LoadResult, double> figure) => Figure(Spread.Of(cell.Figures(figure))?.Median);

    private static string Figure(double? figure) => figure switch
    {
        null => "",
        >= 1000 => figure.Value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => figure.Value.ToString("F0", CultureInfo.InvariantCulture),
        >= 10 => figure.Value.ToString("F1", CultureInfo.InvariantCulture),
        _ => figure.Value.ToString("F2", CultureInfo.InvariantCulture),
    };

    private static string Pad(List<string[]> lines)
    {
        var widths = Enumerable.Range(0, lines[0].Length).Select(i => lines.Max(l => l[i].Length)).ToArray();
        lines.Insert(1, [.. widths.Select(static w => new string('-', Math.Max(3, w)))]);
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.AppendLine($"| {string.Join(" | ", line.Select((c, i) => c.PadRight(widths[i])))} |");
        }

        return text.ToString();
    }
}
